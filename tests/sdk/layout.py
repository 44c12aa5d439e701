#!/usr/bin/env python3
"""The layout of the border as data.

    layout.py describe HEADER            writes the level's JSON, as read from the header
    layout.py compare HEADER LEVEL       fails when the header says something else than the file
    layout.py asserts LEVEL              writes C and C++ source that compiles if the file is right
    layout.py grow HEADER                writes the header of a next level, every struct one field longer

The header is read, not compiled: offsets follow from rule L5 (no padding that is not spelt out). The
asserts then hold a compiler to every number, so neither the reading nor the rule is taken on trust. A
header of a later level fulfils those of an older one, too: it may only be longer.
"""
import difflib
import json
import re
import sys

SIZES = {"uint32_t": 4, "int32_t": 4, "jh_rc": 4, "uint64_t": 8, "int64_t": 8, "size_t": 8,
         "jh_ctx": 8, "jh_str": 16}


def without_comments(text):
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def squeezed(text):
    """One spelling for a type: single spaces, `const jh_host*`."""
    text = re.sub(r"\s+", " ", text.replace("struct ", "")).strip()
    return re.sub(r" ?\* ?(?=[^)])", "* ", text).replace("* *", "**").replace("( ", "(").strip()


def member(declaration):
    """`jh_rc(JH_CALL* run)(void* self)` or `const char* name`, as (name, type)."""
    slot = re.fullmatch(r"(.+?)\(JH_CALL\* (\w+)\)\((.*)\)", declaration, flags=re.S)
    if slot:
        result, name, parameters = slot.groups()
        return name, f"{squeezed(result)} (JH_CALL*)({parameter_types(parameters)})"
    kind, name = re.fullmatch(r"(.+?)\s*(\w+)", declaration, flags=re.S).groups()
    return name, squeezed(kind)


def parameter_types(text):
    types = []
    for parameter in re.split(r",(?![^()]*\))", text):
        parameter = parameter.strip()
        callback = re.fullmatch(r"(\w+)\(JH_CALL\* \w+\)\((.*)\)", parameter, flags=re.S)
        types.append(f"{callback[1]} (JH_CALL*)({parameter_types(callback[2])})" if callback
                     else squeezed(re.sub(r"\b\w+$", "", parameter)))
    return ", ".join(types)


def structs(text):
    for name, body in re.findall(r"typedef struct (jh_\w+) \{(.*?)\n\} \1;", text, flags=re.S):
        fields, offset = [], 0
        for declaration in filter(None, (part.strip() for part in body.split(";"))):
            field, kind = member(declaration)
            size = SIZES.get(kind, 8)
            fields.append({"name": field, "offset": offset, "size": size, "type": kind})
            offset += size
        yield {"name": name, "size": offset, "fields": fields}


def constants(text):
    for name, value in re.findall(r"^#define (JH_\w+) (\S+)(?: .*)?$", text, flags=re.M):
        number = re.fullmatch(r"\(?(-?(?:0x[0-9a-f]+|\d+))u?\)?", value)
        if number:
            yield name, int(number[1], 0)


def describe(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    code = without_comments(text)
    numbers = dict(constants(code))
    return {
        "level": numbers["JH_API_LEVEL"],
        "draft": f"LEVEL {numbers['JH_API_LEVEL']}, DRAFT" in text,
        "entry": {"name": "jobhost_plugin_v1", "type": "const jh_plugin* (JH_CALL*)(const jh_host*)"},
        "constants": numbers,
        "structs": list(structs(code)),
    }


def dump(level):
    """One field in a line, so that a difference is one line, too."""
    text = json.dumps(level, indent=2)
    return re.sub(r"\{\s+(\"name\": \"\w+\",)\s+(\"offset\": \d+,)\s+(\"size\": \d+,)\s+(\"type\": .*)"
                  r"\s+\}", r"{\1 \2 \3 \4}", text) + "\n"


def compare(header, path):
    with open(path, encoding="utf-8") as file:
        expected = file.read()
    found = describe(header)
    difference = list(difflib.unified_diff(expected.splitlines(), dump(found).splitlines(), path,
                                           header, lineterm="", n=1))
    print("\n".join(difference))
    state = "a DRAFT, free to change" if found["draft"] else "frozen"
    print(f"level {found['level']} is {state}: {len(found['structs'])} structs, "
          f"{len(found['constants'])} constants")
    return 1 if difference else 0


ASSERTS_HEAD = """\
#include <jobhost/plugin.h>
#ifdef __cplusplus
#include <type_traits>
#define CHECK(condition, text) static_assert(condition, text)
#define CHECK_TYPE(expression, type, text) \\
    static_assert(std::is_same<decltype(expression), type>::value, text)
#define CHECK_FIELD_TYPE(owner, field, type, text) CHECK_TYPE(owner::field, type, text)
#else
#define CHECK(condition, text) _Static_assert(condition, text)
#define CHECK_TYPE(expression, type, text) \\
    _Static_assert(_Generic((expression), type : 1, default : 0), text)
#define CHECK_FIELD_TYPE(owner, field, type, text) CHECK_TYPE(((owner*)0)->field, type, text)
#endif
"""


def asserts(path):
    with open(path, encoding="utf-8") as file:
        level = json.load(file)
    print(ASSERTS_HEAD)
    number = level["constants"].pop("JH_API_LEVEL")
    print(f'CHECK(JH_API_LEVEL >= {number}, "JH_API_LEVEL");')
    for name, value in level["constants"].items():
        print(f'CHECK({name} == {value}, "{name}");')
    entry = level["entry"]
    print(f'CHECK_TYPE(&{entry["name"]}, {entry["type"]}, "{entry["name"]}");')
    for struct in level["structs"]:
        owner = struct["name"]
        print(f'CHECK(sizeof({owner}) == {struct["size"]}{longer(struct, number)}, "{owner}");')
        print(f'CHECK(sizeof({owner}) % 8 == 0, "{owner}");')
        for field in struct["fields"]:
            where = f'{owner}, {field["name"]}'
            print(f'CHECK(offsetof({where}) == {field["offset"]}, "{where}");')
            print(f'CHECK_FIELD_TYPE({where}, {field["type"]}, "{where}");')
    return 0


def grows(struct):
    return struct["fields"][0]["name"] == "struct_size"


def longer(struct, level):
    """What else the size may be in a header of a later level."""
    if not grows(struct):
        return ""
    return f' || (JH_API_LEVEL > {level} && sizeof({struct["name"]}) > {struct["size"]})'


def grow(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for struct in filter(grows, structs(without_comments(text))):
        text = text.replace(f"\n}} {struct['name']};", f"\n    uint64_t added;\n}} {struct['name']};")
    return re.sub(r"(?<=#define JH_API_LEVEL )\d+", lambda level: str(int(level[0]) + 1), text)


def main(arguments):
    match arguments:
        case ["describe", header]:
            sys.stdout.write(dump(describe(header)))
            return 0
        case ["compare", header, level]:
            return compare(header, level)
        case ["asserts", level]:
            return asserts(level)
        case ["grow", header]:
            sys.stdout.write(grow(header))
            return 0
    print(__doc__, file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
