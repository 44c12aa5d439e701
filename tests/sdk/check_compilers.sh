#!/usr/bin/env bash
# Every compiler that authors may use takes the headers without a warning, lays the structs out as
# sdk/abi/levels says, and links both templates to a library with one export.
#
#   check_compilers.sh SOURCE-DIR WORK-DIR
set -euo pipefail

source_dir=$(realpath "$1")
work=$2
mkdir -p "$work"
include=$source_dir/sdk/include
template=$source_dir/sdk/template
warnings=(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wundef -Werror)
border=("${warnings[@]}" -Wpadded) # the C header spells out all padding; the C++ classes need not
hidden=(-shared -fvisibility=hidden)

for level in "$source_dir"/sdk/abi/levels/*.json; do
    name=$(basename "$level" .json)
    python3 "$source_dir/tests/sdk/layout.py" asserts "$level" > "$work/level$name.h"
done
cat "$work"/level*.h > "$work/levels.c"
cp "$work/levels.c" "$work/levels.cpp"

# What was laid out for a level stays as it is, and is still taken by the host, when the next one
# makes every struct longer.
mkdir -p "$work/grown/jobhost"
python3 "$source_dir/tests/sdk/layout.py" grow "$include/jobhost/plugin.h" \
    > "$work/grown/jobhost/plugin.h"
gcc -std=c11 -fsyntax-only -I"$work/grown" "${border[@]}" "$work/levels.c"
g++ -std=c++20 -fsyntax-only -I"$work/grown" "${border[@]}" "$work/levels.cpp"
g++ -std=c++20 -fsyntax-only -I"$work/grown" -I"$source_dir/host" -include plugin/fields.hpp \
    -x c++ /dev/null
echo "the levels hold for a header that has grown"

takes_c() { # COMPILER
    "$1" -std=c11 -fsyntax-only -I"$include" "${border[@]}" -Wstrict-prototypes "$work/levels.c"
    echo "$1 takes the C header"
}
takes_cpp() { # COMPILER
    for standard in 11 14 17 20; do
        "$1" -std=c++$standard -fsyntax-only -I"$include" "${border[@]}" -Wold-style-cast \
            "$work/levels.cpp"
    done
    for standard in 17 20; do
        "$1" -std=c++$standard -fsyntax-only -fvisibility=hidden -I"$include" \
            "${warnings[@]}" -Wold-style-cast "$template/cpp/plugin.cpp"
    done
    echo "$1 takes the C and the C++ header"
}
links_one_export() { # FILE
    local exports
    exports=$(x86_64-w64-mingw32-objdump -p "$1" |
        sed -nE '/Ordinal\/Name Pointer/,/^$/s/^\s*\[ *[0-9]+\] *(.*)$/\1/p')
    if [[ $exports != jobhost_plugin_v1 ]]; then
        echo "$1 exports: $exports" >&2
        return 1
    fi
    echo "$1 exports jobhost_plugin_v1 alone"
}

for compiler in gcc clang-16 x86_64-w64-mingw32-gcc-posix; do
    takes_c $compiler
done
for compiler in g++ clang++-16 x86_64-w64-mingw32-g++-posix; do
    takes_cpp $compiler
done

x86_64-w64-mingw32-gcc-posix -std=c11 "${warnings[@]}" "${hidden[@]}" -I"$include" \
    "$template/c/plugin.c" -static -o "$work/example-c.dll"
x86_64-w64-mingw32-g++-posix -std=c++17 "${warnings[@]}" "${hidden[@]}" -I"$include" \
    "$template"/cpp/*.cpp -static -o "$work/example-cpp.dll"
links_one_export "$work/example-c.dll"
links_one_export "$work/example-cpp.dll"
