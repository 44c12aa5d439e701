#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace jobhost::plugin {

/// A private copy of a library, named by its content.
struct StagedLibrary {
    std::filesystem::path file;  ///< `<stage>/<digest, 16 letters>/<name>.so`
    std::string digest;          ///< SHA-256, hex
};

inline constexpr std::uintmax_t kLargestLibrary = std::uintmax_t{256} * 1024 * 1024;

/// Where libraries are copied before anything else is done with them. What is then described,
/// checked and mapped are the very bytes that were digested here, whatever somebody does to the
/// original: overwriting a mapped file would crash the process.
///
/// The errors tell whose fault it is: `Invalid` is the library's, and one sentence about it;
/// `Unavailable` is the host's, which cannot write its stage. [one thread at a time]
class Stage {
public:
    /// Makes the folder, for this user alone, if it is not there. Removes copies that nobody has
    /// asked for in 30 days and what a killed host left unfinished: no other host may use it.
    [[nodiscard]] static base::Result<Stage> open(std::filesystem::path dir);

    /// Copies a library. The same content under the same name gives the same file.
    [[nodiscard]] base::Result<StagedLibrary> take(const std::filesystem::path& library) const;

private:
    explicit Stage(std::filesystem::path dir) : dir_(std::move(dir)) {}
    std::filesystem::path dir_;
};

}  // namespace jobhost::plugin
