#include "cli/console.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace jobhost::cli {

namespace {

/// 0, or why the bytes could not be written.
int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

std::string lines_of(const base::Error& error) {
    // The mistakes of a configuration come as finished lines.
    if (error.message.ends_with('\n')) {
        return error.message;
    }
    std::string text = "jobhost: " + error.message + "\n";
    for (const auto& field : error.fields) {
        // A host that names its only mistake in the sentence need not be repeated.
        if (error.message.find(field.message) == std::string::npos) {
            text += "  " + field.path + ": " + field.message + "\n";
        }
    }
    return text;
}

std::string json_of(const base::Error& error) {
    base::JsonObject object{{"code", error.code},
                            {"detail", error.message},
                            {"exit_code", static_cast<int>(exit_code_of(error))}};
    if (!error.fields.empty()) {
        base::JsonArray errors;
        for (const auto& field : error.fields) {
            errors.push_back(base::JsonObject{
                {"pointer", field.path}, {"code", field.code}, {"message", field.message}});
        }
        object["errors"] = std::move(errors);
    }
    return base::to_text(object) + "\n";
}

}  // namespace

void Console::print(std::string_view bytes) {
    if (gone_ || !trouble_.empty()) {
        return;
    }
    const int number = write_all(out_, bytes);
    if (number == EPIPE) {
        gone_ = true;
    } else if (number != 0) {
        trouble_ = std::error_code(number, std::generic_category()).message();
    }
}

void Console::print_line(std::string_view line) { print(std::string(line) + "\n"); }

void Console::print_error_bytes(std::string_view bytes) {
    static_cast<void>(write_all(err_, bytes));
}

void Console::note(std::string_view line) {
    if (format_ == Format::Table) {
        print_error_bytes(std::string(line) + "\n");
    }
}

ExitCode Console::fail(const base::Error& error) {
    print_error_bytes(format_ == Format::Json ? json_of(error) : lines_of(error));
    return exit_code_of(error);
}

ExitCode Console::finish(ExitCode code) {
    if (trouble_.empty()) {
        return code;
    }
    return fail(
        {base::ErrorKind::Internal, "cannot_write", "stdout cannot be written: " + trouble_, {}});
}

}  // namespace jobhost::cli
