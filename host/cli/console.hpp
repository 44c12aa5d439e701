#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "cli/exit_code.hpp"

namespace jobhost::cli {

enum class Format { Table, Json };

/// Where the program speaks: data on stdout, everything else on stderr.
class Console {
public:
    Console(int out, int err) : out_(out), err_(err) {}

    /// What the verb shows: tables for people, or JSON for programs.
    [[nodiscard]] Format format() const { return format_; }
    void use(Format format) { format_ = format; }

    /// Decides by terminal and environment (NO_COLOR, TERM=dumb) whether words are coloured.
    void use_color(bool wanted) { color_ = wanted; }
    [[nodiscard]] bool color() const { return color_; }

    /// Data. Once the reader has gone nothing is written any more, and that is no mistake.
    void print(std::string_view bytes);
    void print_line(std::string_view line);
    void print_error_bytes(std::string_view bytes);

    /// One line for people on stderr; nothing in JSON mode.
    void note(std::string_view line);

    /// Says what went wrong: lines for people, or one JSON object; gives its exit code.
    ExitCode fail(const base::Error& error);

    /// Has whoever reads stdout gone, so that there is no use in going on?
    [[nodiscard]] bool reader_gone() const { return gone_; }

    /// `code`, or `Failed` after it said so when the data could not be written (a full disk).
    [[nodiscard]] ExitCode finish(ExitCode code);

private:
    int out_;
    int err_;
    Format format_ = Format::Table;
    bool color_ = false;
    bool gone_ = false;
    std::string trouble_;
};

}  // namespace jobhost::cli
