#include "app/leash.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace jobhost::app {
namespace {

/// A host in a process of its own: takes the leash, starts a child that would live for ever, tells
/// us its number and waits to be killed.
struct OtherHost {
    explicit OtherHost(const std::filesystem::path& data_dir) {
        int report[2] = {-1, -1};
        EXPECT_EQ(::pipe(report), 0);
        host = ::fork();
        if (host == 0) {
            live(data_dir, report[1]);
        }
        ::close(report[1]);
        EXPECT_EQ(::read(report[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
        ::close(report[0]);
    }
    ~OtherHost() {
        kill_host();
        if (child > 0) {
            ::kill(child, SIGKILL);
        }
    }
    OtherHost(const OtherHost&) = delete;
    OtherHost& operator=(const OtherHost&) = delete;

    void kill_host() {
        if (host > 0) {
            ::kill(host, SIGKILL);
            ::waitpid(host, nullptr, 0);
            host = -1;
        }
    }

    [[nodiscard]] bool child_lives() const {
        const int fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
        if (fd < 0) {
            return false;
        }
        pollfd gone{fd, POLLIN, 0};
        const int ready = ::poll(&gone, 1, 0);
        ::close(fd);
        return ready == 0;
    }

    pid_t host = -1;
    pid_t child = -1;

private:
    [[noreturn]] static void live(const std::filesystem::path& data_dir, int report) {
        auto leash = Leash::take(data_dir);
        const pid_t sleeper = leash ? ::fork() : -1;
        if (sleeper == 0) {
            ::close(report);
            ::execlp("sleep", "sleep", "1000", nullptr);
            ::_exit(127);
        }
        static_cast<void>(::write(report, &sleeper, sizeof sleeper));
        ::pause();
        ::_exit(0);
    }
};

TEST(Leash, IsLeftOpenForThoseWhoAreStartedLater) {
    const support::TempDir data;
    auto leash = Leash::take(data.path());
    ASSERT_TRUE(leash);
    const char* number = std::getenv(std::string(Leash::kVariable).c_str());
    ASSERT_NE(number, nullptr);
    EXPECT_EQ(::fcntl(std::atoi(number), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_EQ(leash->ended(), 0);
}

TEST(Leash, RefusesADataFolderThatALivingHostUses) {
    const support::TempDir data;
    const OtherHost other(data.path());
    const auto leash = Leash::take(data.path());
    ASSERT_FALSE(leash);
    EXPECT_EQ(leash.error().code, "data_dir_in_use");
    EXPECT_TRUE(other.child_lives()) << "what a living host started must be left alone";
}

TEST(Leash, EndsWhatADeadHostLeftRunning) {
    const support::TempDir data;
    OtherHost other(data.path());
    ASSERT_TRUE(other.child_lives());
    other.kill_host();
    ASSERT_TRUE(other.child_lives()) << "the child must outlive its host, or this shows nothing";
    const auto leash = Leash::take(data.path());
    ASSERT_TRUE(leash);
    EXPECT_EQ(leash->ended(), 1);
    EXPECT_FALSE(other.child_lives());
}

TEST(Leash, AFolderThatDoesNotExistIsAnErrorThatNamesIt) {
    const auto leash = Leash::take("/no/such/folder");
    ASSERT_FALSE(leash);
    EXPECT_NE(leash.error().message.find("/no/such/folder"), std::string::npos);
}

TEST(Leash, CanBeTakenAgainAfterItWasLetGo) {
    const support::TempDir data;
    {
        const auto first = Leash::take(data.path());
        ASSERT_TRUE(first);
    }
    EXPECT_TRUE(Leash::take(data.path()));
}

}  // namespace
}  // namespace jobhost::app
