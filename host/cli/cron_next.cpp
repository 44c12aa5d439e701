#include <array>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "base/json.hpp"
#include "cli/cron_question.hpp"
#include "cli/cron_verbs.hpp"

namespace jobhost::cli {

namespace {

std::vector<std::string> firings(const CronQuestion& question, std::int64_t count) {
    std::vector<std::string> texts;
    auto from = question.from;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto found = question.cron.next(from, question.zone);
        if (!found) {
            break;
        }
        texts.push_back(whole_seconds(*found, question.zone));
        from = *found;
    }
    return texts;
}

std::string joined(const std::vector<std::string>& texts, char separator) {
    std::string text;
    for (const auto& one : texts) {
        text += (text.empty() ? "" : std::string(1, separator)) + one;
    }
    return text.empty() ? "never" : text;
}

std::string json_of(const CronQuestion& question, const std::vector<std::string>& texts) {
    return base::to_text(base::JsonObject{{"expression", question.cron.text()},
                                          {"zone", question.zone.name()},
                                          {"next", base::JsonArray(texts.begin(), texts.end())}});
}

/// Answers lines: each as soon as it is there, and a bad one like any other.
class Batch {
public:
    Batch(const Arguments& arguments, Console& console)
        : reader_(arguments), count_(arguments.count("--count").value_or(1)), console_(console) {}

    base::Result<base::Unit> run() {
        std::array<char, 65536> buffer{};
        while (!console_.reader_gone()) {
            const auto length = ::read(STDIN_FILENO, buffer.data(), buffer.size());
            if (length == 0) {
                answer_rest();
                return base::done();
            }
            if (length > 0) {
                rest_.append(buffer.data(), static_cast<std::size_t>(length));
                answer_lines();
            } else if (errno != EINTR) {
                return wrong_use("standard input cannot be read: " +
                                 std::error_code(errno, std::generic_category()).message());
            }
        }
        return base::done();
    }

private:
    void answer_lines() {
        std::size_t begin = 0;
        for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
            console_.print_line(answer(std::string_view(rest_).substr(begin, end - begin)));
            begin = end + 1;
        }
        rest_.erase(0, begin);
    }

    void answer_rest() {
        if (!rest_.empty()) {
            console_.print_line(answer(rest_));
        }
    }

    base::Result<CronQuestion> read(std::string_view line) {
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        std::array<std::string_view, 3> parts;
        for (auto& part : parts) {
            part = line.substr(0, line.find('\t'));
            line.remove_prefix(std::min(part.size() + 1, line.size()));
        }
        if (!line.empty()) {
            return wrong_use("a line has at most EXPR, ZONE and TIME, with a tab between them");
        }
        return reader_.read(parts[0], parts[1], parts[2]);
    }

    std::string answer(std::string_view line) {
        const bool json = console_.format() == Format::Json;
        const auto question = read(line);
        if (!question) {
            return json ? base::to_text(base::JsonObject{{"error", question.error().message}})
                        : "error: " + question.error().message;
        }
        const auto texts = firings(*question, count_);
        return json ? json_of(*question, texts) : joined(texts, ' ');
    }

    CronReader reader_;
    std::int64_t count_;
    Console& console_;
    std::string rest_;  ///< the beginning of a line whose end is still to come
};

}  // namespace

ExitCode next_of_cron(const Arguments& arguments, Session& session) {
    auto& console = session.console();
    if (arguments.flag("--batch")) {
        if (arguments.flag("EXPR")) {
            return console.fail(wrong_use("with --batch the expressions stand in standard input"));
        }
        const auto done = Batch(arguments, console).run();
        return done ? ExitCode::Done : console.fail(done.error());
    }
    const auto expression = expression_of(arguments, "cron next");
    if (!expression) {
        return console.fail(expression.error());
    }
    const auto question = CronReader(arguments).read(*expression);
    if (!question) {
        return console.fail(question.error());
    }
    const auto texts = firings(*question, arguments.count("--count").value_or(1));
    console.print_line(console.format() == Format::Json ? json_of(*question, texts)
                                                        : joined(texts, '\n'));
    return ExitCode::Done;
}

}  // namespace jobhost::cli
