#include "config/substitute.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/quote.hpp"
#include "config/text_file.hpp"

namespace jobhost::config {

namespace {

constexpr std::size_t kLargestFile = 64 * 1024;

struct Mistake {
    std::string message;
    std::string hint = {};
};

/// The text to put in, or why there is none.
using Replacement = std::variant<std::string, Mistake>;

class Substitution {
public:
    Substitution(const Environment& environment, const std::filesystem::path& folder)
        : environment_(environment), folder_(folder) {}

    /// False when something in it is broken.
    bool apply(Table& table) {
        bool whole = true;
        for (auto& entry : table) {
            whole = apply(entry.value) && whole;
        }
        return whole;
    }

    std::vector<Problem> take_problems() { return std::move(problems_); }

private:
    bool apply(Value& value) {
        if (auto* table = std::get_if<Table>(&value.data)) {
            value.broken = !apply(*table);
        } else if (auto* list = std::get_if<List>(&value.data)) {
            for (auto& item : *list) {
                value.broken = !apply(item) || value.broken;
            }
        } else if (auto* text = std::get_if<std::string>(&value.data)) {
            value.broken = !apply(value, *text);
        }
        return !value.broken;
    }

    bool apply(Value& value, std::string& text) {
        if (text.find("${") == std::string::npos) {
            return true;
        }
        auto replaced = replace_all(text);
        if (auto* mistake = std::get_if<Mistake>(&replaced)) {
            problems_.push_back({value.place, "substitution", std::move(mistake->message),
                                 std::move(mistake->hint)});
            return false;
        }
        text = std::move(std::get<std::string>(replaced));
        value.loose = true;
        return true;
    }

    [[nodiscard]] Replacement replace_all(std::string_view text) const {
        std::string result;
        for (;;) {
            const auto begin = text.find("${");
            if (begin == std::string_view::npos) {
                return result.append(text);
            }
            if (begin > 0 && text[begin - 1] == '$') {
                result.append(text.substr(0, begin - 1)).append("${");
                text.remove_prefix(begin + 2);
                continue;
            }
            const auto end = text.find('}', begin);
            if (end == std::string_view::npos) {
                return Mistake{"\"${\" without \"}\"", "write $${ for a literal ${"};
            }
            auto value = replacement(text.substr(begin + 2, end - begin - 2));
            if (std::holds_alternative<Mistake>(value)) {
                return value;
            }
            result.append(text.substr(0, begin)).append(std::get<std::string>(value));
            text.remove_prefix(end + 1);
        }
    }

    [[nodiscard]] Replacement replacement(std::string_view expression) const {
        if (expression.starts_with("env:")) {
            return variable(expression.substr(4));
        }
        if (expression.starts_with("file:")) {
            return file(expression.substr(5));
        }
        return Mistake{"${…} must begin with env: or file:", "write $${ for a literal ${"};
    }

    [[nodiscard]] Replacement variable(std::string_view expression) const {
        const auto colon = expression.find(":-");
        const auto name = expression.substr(0, colon);
        const auto found = environment_.find(name);
        const bool has_default = colon != std::string_view::npos;
        if (found == environment_.end() || (has_default && found->second.empty())) {
            if (has_default) {
                return std::string(expression.substr(colon + 2));
            }
            return Mistake{"the environment variable " + base::in_quotes(name) + " is not set",
                           "set it, or give a default: ${env:NAME:-default}"};
        }
        if (found->second.find('\n') != std::string::npos) {
            return Mistake{"the environment variable " + base::in_quotes(name) +
                           " holds more than one line"};
        }
        return found->second;
    }

    [[nodiscard]] Replacement file(std::string_view name) const {
        if (name.empty()) {
            return Mistake{"${file:} needs a path"};
        }
        const auto path = folder_ / name;
        std::error_code ignored;
        // A pipe would make the start wait for whoever writes to it.
        if (std::filesystem::exists(path, ignored) &&
            !std::filesystem::is_directory(path, ignored) &&
            !std::filesystem::is_regular_file(path, ignored)) {
            return Mistake{"${file:} of " + path_text(path) + ": this is not a regular file"};
        }
        auto text = read_text_file(path, kLargestFile);
        if (!text) {
            return Mistake{"${file:} of " + path_text(path) + ": " + text.error().message};
        }
        if (text->ends_with('\n')) {
            text->pop_back();
            if (text->ends_with('\r')) {
                text->pop_back();
            }
        }
        return std::move(*text);
    }

    const Environment& environment_;
    const std::filesystem::path& folder_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> substitute(Table& table,
                                const Environment& environment,
                                const std::filesystem::path& folder) {
    Substitution substitution(environment, folder);
    substitution.apply(table);
    return substitution.take_problems();
}

}  // namespace jobhost::config
