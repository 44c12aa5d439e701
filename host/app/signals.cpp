#include "app/signals.hpp"

#include <csignal>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace jobhost::app {

struct Signals::State {
    boost::asio::io_context io;
    boost::asio::signal_set set{io, SIGTERM, SIGINT, SIGHUP};
    SignalActions actions;
    bool stopping = false;

    void listen() {
        set.async_wait([this](const boost::system::error_code& error, int signal) {
            if (error) {
                return;
            }
            act(signal);
            listen();
        });
    }

    void act(int signal) {
        if (signal == SIGHUP) {
            actions.reload();
        } else if (std::exchange(stopping, true)) {
            actions.hurry();
        } else {
            actions.stop();
        }
    }
};

Signals::Signals() : state_(std::make_unique<State>()) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

Signals::~Signals() = default;

void Signals::wait(SignalActions actions) {
    state_->actions = std::move(actions);
    state_->listen();
    state_->io.run();
}

void Signals::finish() { state_->io.stop(); }

}  // namespace jobhost::app
