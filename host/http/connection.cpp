#include "http/connection.hpp"

#include <algorithm>

#include "base/id.hpp"
#include "http/response.hpp"

namespace jobhost::http {

namespace {

constexpr std::size_t kPiece = 16 * 1024;

/// The client's own id when it sent a harmless one.
std::string request_id(const Head& head) {
    constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const auto* sent = head.field("x-request-id");
    const bool usable = sent != nullptr && !sent->empty() && sent->size() <= 64 &&
                        sent->find_first_not_of(kLetters) == std::string::npos;
    return usable ? *sent : base::random_hex(8);
}

/// Does a comma-separated list of words have this one?
bool has_word(const std::string* list, std::string_view word) {
    std::string_view rest = list != nullptr ? std::string_view(*list) : std::string_view();
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        if (equal_words(trim(rest.substr(0, comma)), word)) {
            return true;
        }
        rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    }
    return false;
}

}  // namespace

Connection::Connection(Socket socket,
                       Service& service,
                       const Patience& patience,
                       const base::Clock& clock)
    : socket_(std::move(socket)),
      service_(service),
      patience_(patience),
      clock_(clock),
      deadline_(clock.steady() + std::max(patience.idle, patience.head)),
      reading_since_(clock.steady()),
      last_(patience.idle == base::Duration::zero()) {}

Watched Connection::watched() const {
    Watched watched{socket_.descriptor()};
    watched.read = phase_ == Phase::Reading || phase_ == Phase::Lingering;
    watched.write = sent_ < out_.size();
    return watched;
}

void Connection::on_ready(const Watched& found) {
    if (found.can_write) {
        flush();
    }
    if (found.can_read) {
        receive();
    }
    if (found.broken && !found.can_read) {
        phase_ = Phase::Over;
    }
}

void Connection::on_deadline() {
    if (phase_ == Phase::Reading && !in_.empty()) {
        refuse(
            {base::ErrorKind::Timeout, "request_timeout", "The request did not arrive in time."});
    } else {
        phase_ = Phase::Over;
    }
}

void Connection::receive() {
    if (phase_ == Phase::Lingering) {
        std::string ignored;
        if (socket_.read(ignored, kPiece).closed) {
            phase_ = Phase::Over;
        }
        return;
    }
    if (phase_ != Phase::Reading) {
        return;
    }
    const bool first = in_.empty();
    const auto got = socket_.read(in_, kPiece);
    if (got.closed) {
        phase_ = Phase::Over;
        return;
    }
    if (first && got.bytes > 0) {
        deadline_ = clock_.steady() + patience_.head;
    }
    advance();
}

void Connection::advance() {
    if (in_.empty() || (!head_ && !read_head())) {
        return;
    }
    if (in_.size() >= head_size_ + body_size_) {
        phase_ = Phase::Answering;
        deadline_ = base::Steady::max();
    }
}

bool Connection::read_head() {
    const auto end = find_head_end(in_, scanned_);
    scanned_ = in_.size();
    if (!end) {
        refuse(end.error());
        return false;
    }
    if (*end == 0) {
        return false;
    }
    auto head = parse_head(std::string_view(in_).substr(0, *end));
    if (!head) {
        refuse(head.error());
        return false;
    }
    method_ = head->method;
    request_id_ = request_id(*head);
    const auto body = service_.admit(*head, socket_.local());
    if (!body) {
        refuse(body.error());
        return false;
    }
    last_ = last_ || head->minor_version == 0 || has_word(head->field("connection"), "close");
    head_size_ = *end;
    body_size_ = *body;
    deadline_ = clock_.steady() + patience_.body;
    const bool asks = head->minor_version > 0 && head->field("expect") != nullptr;
    head_ = std::move(*head);
    if (asks && in_.size() == head_size_ && body_size_ > 0) {
        out_ += go_on();
        flush();
    }
    return true;
}

std::optional<Request> Connection::take_request() {
    if (phase_ != Phase::Answering || !head_) {
        return std::nullopt;
    }
    Request request;
    request.id = request_id_;
    request.head = std::move(*head_);
    request.body = in_.substr(head_size_, body_size_);
    request.peer = socket_.peer();
    request.received = clock_.steady();
    in_.erase(0, head_size_ + body_size_);
    head_.reset();
    return request;
}

void Connection::refuse(const base::Error& error) {
    if (request_id_.empty()) {
        request_id_ = base::random_hex(8);
    }
    last_ = true;
    in_.clear();
    answer(service_.refuse(error, method_, request_id_));
}

void Connection::answer(const Response& response) {
    out_ += render(response, clock_.now(), method_ == "HEAD", last_);
    phase_ = Phase::Writing;
    deadline_ = clock_.steady() + patience_.send;
    flush();
}

void Connection::flush() {
    while (sent_ < out_.size()) {
        const auto written = socket_.write(std::string_view(out_).substr(sent_));
        sent_ += written.bytes;
        if (written.closed) {
            phase_ = Phase::Over;
            return;
        }
        if (written.bytes == 0) {
            return;
        }
    }
    out_.clear();
    sent_ = 0;
    if (phase_ == Phase::Writing && last_) {
        socket_.end_writing();
        phase_ = Phase::Lingering;
        deadline_ = clock_.steady() + patience_.linger;
    } else if (phase_ == Phase::Writing) {
        next_request();
    }
}

void Connection::next_request() {
    phase_ = Phase::Reading;
    reading_since_ = clock_.steady();
    deadline_ = reading_since_ + (in_.empty() ? patience_.idle : patience_.head);
    method_.clear();
    request_id_.clear();
    scanned_ = 0;
    advance();
}

}  // namespace jobhost::http
