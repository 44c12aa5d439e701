#include "plugin/elf.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include <elf.h>

#include "plugin/refusal.hpp"

// Every offset in the file is somebody's claim: all reading goes through `View::read`, which checks
// it. Only what the loader itself uses is looked at, the dynamic segment, since section headers may
// be missing or lie.

namespace jobhost::plugin {

namespace {

using base::Result;
using base::Unit;

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
constexpr std::string_view kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
constexpr std::string_view kMachineName = "AArch64";
#else
#error "name the machine of this port"
#endif

constexpr std::string_view kEntry = "jobhost_plugin_v1";
constexpr std::string_view kEntryPrefix = "jobhost_plugin_v";
constexpr std::size_t kNamesShown = 3;

/// What linkers of old put into every library.
constexpr std::array<std::string_view, 6> kOfTheLinker{"_init", "_fini",       "_edata",
                                                       "_end",  "__bss_start", "__data_start"};

/// Bytes of the file.
class View {
public:
    explicit View(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <typename T>
    [[nodiscard]] std::optional<T> read(std::uint64_t offset) const {
        if (!holds(offset, sizeof(T))) {
            return std::nullopt;
        }
        T value;
        std::memcpy(&value, bytes_.data() + offset, sizeof(T));
        return value;
    }

    [[nodiscard]] bool holds(std::uint64_t offset, std::uint64_t size) const {
        return offset <= bytes_.size() && size <= bytes_.size() - offset;
    }

    /// Up to the NUL; empty when there is none.
    [[nodiscard]] std::string_view text(std::uint64_t offset) const {
        if (offset >= bytes_.size()) {
            return {};
        }
        const auto rest = bytes_.subspan(offset);
        const auto end = std::ranges::find(rest, std::byte{0});
        return end == rest.end() ? std::string_view()
                                 : std::string_view(reinterpret_cast<const char*>(rest.data()),
                                                    static_cast<std::size_t>(end - rest.begin()));
    }

private:
    std::span<const std::byte> bytes_;
};

Result<Elf64_Ehdr> header_of(const View& file) {
    const auto header = file.read<Elf64_Ehdr>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return refused("it is not a shared library");
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != kMachine) {
        return refused("it is built for another machine than this one (64-bit " +
                       std::string(kMachineName) + ")");
    }
    if (header->e_type != ET_DYN) {
        return refused(header->e_type == ET_EXEC ? "it is a program, not a shared library"
                                                 : "it is not a shared library");
    }
    return *header;
}

/// The parts that the loader maps, and where the dynamic table stands.
struct Segments {
    std::vector<Elf64_Phdr> loaded;
    Elf64_Phdr dynamic{};

    /// Where in the file an address of the mapped library comes from.
    [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
        for (const auto& segment : loaded) {
            if (address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz) {
                return segment.p_offset + (address - segment.p_vaddr);
            }
        }
        return std::nullopt;
    }
};

Result<Segments> segments_of(const View& file, const Elf64_Ehdr& header) {
    Segments segments;
    for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
        const auto segment = header.e_phentsize == sizeof(Elf64_Phdr)
                                 ? file.read<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr))
                                 : std::nullopt;
        if (!segment) {
            return refused("it is cut off or damaged: its program headers are not there");
        }
        if (segment->p_type != PT_LOAD && segment->p_type != PT_DYNAMIC) {
            continue;
        }
        if (!file.holds(segment->p_offset, segment->p_filesz)) {
            return refused("it is cut off: the file is shorter than its headers say");
        }
        if (segment->p_type == PT_LOAD) {
            segments.loaded.push_back(*segment);
        } else {
            segments.dynamic = *segment;
        }
    }
    if (segments.loaded.empty() || segments.dynamic.p_filesz == 0) {
        return refused("it is not a shared library: it has no dynamic segment");
    }
    return segments;
}

/// The entries of the dynamic table that are needed here.
struct Dynamic {
    std::uint64_t symbols = 0;  ///< addresses; 0 = absent
    std::uint64_t names = 0;
    std::uint64_t hash = 0;
    std::uint64_t gnu_hash = 0;
    std::uint64_t flags_1 = 0;
};

Dynamic dynamic_of(const View& file, const Segments& segments) {
    Dynamic dynamic;
    const auto& table = segments.dynamic;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= table.p_filesz; at += sizeof(Elf64_Dyn)) {
        const auto entry = file.read<Elf64_Dyn>(table.p_offset + at);
        if (!entry || entry->d_tag == DT_NULL) {
            break;
        }
        switch (entry->d_tag) {
            case DT_SYMTAB:
                dynamic.symbols = entry->d_un.d_ptr;
                break;
            case DT_STRTAB:
                dynamic.names = entry->d_un.d_ptr;
                break;
            case DT_HASH:
                dynamic.hash = entry->d_un.d_ptr;
                break;
            case DT_GNU_HASH:
                dynamic.gnu_hash = entry->d_un.d_ptr;
                break;
            case DT_FLAGS_1:
                dynamic.flags_1 = entry->d_un.d_val;
                break;
            default:
                break;
        }
    }
    return dynamic;
}

/// How many symbols there are: the table itself does not say, its hash tables do.
std::optional<std::uint64_t> count_by_gnu_hash(const View& file, std::uint64_t table) {
    struct Header {
        std::uint32_t buckets, first, bloom_words, bloom_shift;
    };
    const auto header = file.read<Header>(table);
    if (!header) {
        return std::nullopt;
    }
    const auto buckets = table + sizeof(Header) + std::uint64_t{8} * header->bloom_words;
    if (!file.holds(buckets, std::uint64_t{4} * header->buckets)) {
        return std::nullopt;
    }
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < header->buckets; ++i) {
        last = std::max<std::uint64_t>(last, *file.read<std::uint32_t>(buckets + 4 * i));
    }
    if (last < header->first) {
        return header->first;  // nothing is exported
    }
    // The last chain ends where the lowest bit is set.
    const auto chains = buckets + std::uint64_t{4} * header->buckets;
    while (true) {
        const auto word = file.read<std::uint32_t>(chains + 4 * (last - header->first));
        if (!word) {
            return std::nullopt;
        }
        ++last;
        if ((*word & 1U) != 0) {
            return last;
        }
    }
}

std::optional<std::uint64_t> symbol_count(const View& file,
                                          const Segments& segments,
                                          const Dynamic& dynamic) {
    if (const auto table = segments.offset_of(dynamic.gnu_hash);
        dynamic.gnu_hash != 0 && table.has_value()) {
        return count_by_gnu_hash(file, *table);
    }
    if (const auto table = segments.offset_of(dynamic.hash); dynamic.hash != 0 && table) {
        const auto chains = file.read<std::uint32_t>(*table + 4);
        return chains ? std::optional<std::uint64_t>(*chains) : std::nullopt;
    }
    return std::nullopt;
}

struct Exports {
    bool entry = false;
    bool entry_is_code = false;
    std::vector<std::string> others;
};

/// Is this symbol one that other libraries could bind to by its author's choice? Weak and unique
/// ones are what compilers emit for inline code, whether the author knows or not.
bool is_strong_export(const Elf64_Sym& symbol) {
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    return ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL && symbol.st_shndx != SHN_UNDEF &&
           (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::optional<Exports> exports_of(const View& file,
                                  const Segments& segments,
                                  const Dynamic& dynamic) {
    const auto symbols = segments.offset_of(dynamic.symbols);
    const auto names = segments.offset_of(dynamic.names);
    const auto count = symbol_count(file, segments, dynamic);
    if (!symbols || !names || !count) {
        return std::nullopt;
    }
    Exports exports;
    for (std::uint64_t i = 1; i < *count; ++i) {
        const auto symbol = file.read<Elf64_Sym>(*symbols + i * sizeof(Elf64_Sym));
        if (!symbol) {
            return std::nullopt;
        }
        const auto name = file.text(*names + symbol->st_name);
        if (name == kEntry && symbol->st_shndx != SHN_UNDEF) {
            exports.entry = true;
            exports.entry_is_code = ELF64_ST_TYPE(symbol->st_info) == STT_FUNC;
        } else if (is_strong_export(*symbol) && !name.starts_with(kEntryPrefix) &&
                   std::ranges::find(kOfTheLinker, name) == kOfTheLinker.end()) {
            exports.others.emplace_back(name);
        }
    }
    return exports;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > kNamesShown
               ? text + " and " + std::to_string(names.size() - kNamesShown) + " more"
               : text;
}

Result<Unit> judge(const Exports& exports) {
    if (!exports.entry) {
        return refused("it does not export " + std::string(kEntry) + ", so it is no plugin");
    }
    if (!exports.entry_is_code) {
        return refused("it exports " + std::string(kEntry) + " as data, not as a function");
    }
    if (!exports.others.empty()) {
        return refused("it exports more than its entry: " + listed(exports.others) +
                       "; hide everything else, as jobhost_add_plugin() does");
    }
    return base::done();
}

}  // namespace

Result<Unit> check_elf(std::span<const std::byte> bytes) {
    const View file(bytes);
    const auto header = header_of(file);
    if (!header) {
        return header.error();
    }
    const auto segments = segments_of(file, *header);
    if (!segments) {
        return segments.error();
    }
    const auto dynamic = dynamic_of(file, *segments);
    if ((dynamic.flags_1 & DF_1_PIE) != 0) {
        return refused("it is a program, not a shared library");
    }
    const auto exports = exports_of(file, *segments, dynamic);
    return exports ? judge(*exports)
                   : refused("it is damaged: its table of symbols cannot be read");
}

Result<Unit> check_elf_file(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        return error ? not_loadable("it cannot be read: " + error.message())
                     : not_loadable("it is not a regular file");
    }
    const auto size = std::filesystem::file_size(path, error);
    std::vector<std::byte> bytes(error ? 0 : size);
    std::ifstream stream(path, std::ios::binary);
    if (error || !stream.read(reinterpret_cast<char*>(bytes.data()),
                              static_cast<std::streamsize>(bytes.size()))) {
        return not_loadable("it cannot be read");
    }
    return check_elf(bytes);
}

}  // namespace jobhost::plugin
