#pragma once

#include <string>

#include "base/log.hpp"
#include "support/temp_dir.hpp"

namespace jobhost::plugin {

/// What is logged while this lives goes into a file of its own.
class LogFile {
public:
    LogFile() {
        static_cast<void>(base::start_log({.level = base::LogLevel::Info,
                                           .format = base::LogFormat::Json,
                                           .target = "file:" + file().string()}));
    }
    ~LogFile() { static_cast<void>(base::start_log({.level = base::LogLevel::Warn})); }
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    [[nodiscard]] std::string text() const {
        base::flush_log();
        return support::read_file(file());
    }

private:
    [[nodiscard]] std::filesystem::path file() const { return dir_ / "log"; }
    support::TempDir dir_;
};

}  // namespace jobhost::plugin
