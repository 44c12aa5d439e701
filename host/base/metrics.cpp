#include "base/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <variant>

#include "base/assert.hpp"
#include "base/decimal.hpp"
#include "base/utf8.hpp"

namespace jobhost::base {

namespace {

constexpr std::size_t kMostSeries = 200;

/// Half a millisecond to an hour.
const std::vector<double>& default_bounds() {
    static const std::vector<double> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                            0.05,   0.1,   0.25,   0.5,   1,    2.5,
                                            5,      10,    30,     60,    300,  3600};
    return bounds;
}

enum class MetricType { Counter, Gauge, Histogram };

std::string_view name(MetricType type) {
    switch (type) {
        case MetricType::Counter:
            return "counter";
        case MetricType::Gauge:
            return "gauge";
        case MetricType::Histogram:
            break;
    }
    return "histogram";
}

bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}

bool is_name(std::string_view name) {
    return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, [](char letter) {
        return is_letter(letter) || (letter >= '0' && letter <= '9');
    });
}

bool is_label_name(std::string_view name) {
    return is_name(name) && name != "le" && !name.starts_with("__");
}

std::string number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    return decimal(value);
}

std::string escaped(std::string_view raw, bool quotes) {
    std::string text;
    for (const char letter : to_utf8(raw)) {
        if (letter == '\\') {
            text += "\\\\";
        } else if (letter == '\n') {
            text += "\\n";
        } else if (letter == '"' && quotes) {
            text += "\\\"";
        } else {
            text += letter;
        }
    }
    return text;
}

/// `{a="1",b="2"}`, or nothing when there are no labels.
std::string label_text(const Labels& labels, std::string_view bound = {}) {
    std::string text;
    for (const auto& [name, value] : labels) {
        text += (text.empty() ? "" : ",") + name + "=\"" + escaped(value, true) + '"';
    }
    if (!bound.empty()) {
        text += text.empty() ? "" : ",";
        text += "le=\"" + std::string(bound) + '"';
    }
    return text.empty() ? text : '{' + text + '}';
}

using Series =
    std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>>;

Series new_series(MetricType type) {
    switch (type) {
        case MetricType::Counter:
            return std::make_unique<Counter>();
        case MetricType::Gauge:
            return std::make_unique<Gauge>();
        case MetricType::Histogram:
            break;
    }
    return std::make_unique<Histogram>(default_bounds());
}

void append_series(std::string& out,
                   const std::string& name,
                   const Labels& labels,
                   const Counter& counter) {
    out += name + label_text(labels) + ' ' + std::to_string(counter.value()) + '\n';
}

void append_series(std::string& out,
                   const std::string& name,
                   const Labels& labels,
                   const Gauge& gauge) {
    out += name + label_text(labels) + ' ' + number(gauge.value()) + '\n';
}

void append_series(std::string& out,
                   const std::string& name,
                   const Labels& labels,
                   const Histogram& histogram) {
    const auto reading = histogram.read();
    for (const auto& [bound, count] : reading.cumulative) {
        out += name + "_bucket" + label_text(labels, number(bound)) + ' ' + std::to_string(count) +
               '\n';
    }
    out +=
        name + "_bucket" + label_text(labels, "+Inf") + ' ' + std::to_string(reading.count) + '\n';
    out += name + "_sum" + label_text(labels) + ' ' + number(reading.sum) + '\n';
    out += name + "_count" + label_text(labels) + ' ' + std::to_string(reading.count) + '\n';
}

struct Family {
    MetricType type = MetricType::Counter;
    std::string help;
    std::map<Labels, Series> series;  ///< by labels, sorted by name

    /// The series of these labels; beyond the bound the one in which every value is `other`.
    Series& at(Labels labels) {
        std::ranges::sort(labels);
        const auto found = series.find(labels);
        if (found != series.end()) {
            return found->second;
        }
        if (series.size() >= kMostSeries) {
            for (auto& [name, value] : labels) {
                value = "other";
            }
        }
        return series.try_emplace(std::move(labels), new_series(type)).first->second;
    }
};

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
    JOBHOST_ASSERT(std::ranges::adjacent_find(bounds_, std::greater_equal{}) == bounds_.end());
}

void Histogram::observe(double seconds) noexcept {
    if (std::isnan(seconds)) {
        return;
    }
    const double value = std::max(0.0, seconds);
    const auto bound = std::ranges::lower_bound(bounds_, value);
    counts_[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1,
                                                                         std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const {
    Reading reading;
    for (std::size_t at = 0; at < bounds_.size(); ++at) {
        reading.count += counts_[at].load(std::memory_order_relaxed);
        reading.cumulative.emplace_back(bounds_[at], reading.count);
    }
    reading.count += counts_.back().load(std::memory_order_relaxed);
    reading.sum = sum_.load(std::memory_order_relaxed);
    return reading;
}

struct Metrics::State {
    mutable std::mutex mutex;
    std::map<std::string, Family, std::less<>> families;

    Series& series(MetricType type,
                   std::string_view name,
                   std::string_view help,
                   const Labels& labels) {
        JOBHOST_ASSERT(is_name(name));
        JOBHOST_ASSERT(std::ranges::all_of(
            labels, [](const auto& label) { return is_label_name(label.first); }));
        const std::scoped_lock lock(mutex);
        auto family = families.find(name);
        if (family == families.end()) {
            family = families.try_emplace(std::string(name)).first;
            family->second.type = type;
            family->second.help = help;
        }
        JOBHOST_ASSERT(family->second.type == type);
        return family->second.at(labels);
    }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
    return *std::get<0>(state_->series(MetricType::Counter, name, help, labels));
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
    return *std::get<1>(state_->series(MetricType::Gauge, name, help, labels));
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, const Labels& labels) {
    return *std::get<2>(state_->series(MetricType::Histogram, name, help, labels));
}

std::string Metrics::text() const {
    std::string out;
    const std::scoped_lock lock(state_->mutex);
    for (const auto& [family_name, family] : state_->families) {
        out += "# HELP " + family_name + ' ' + escaped(family.help, false) + '\n';
        out += "# TYPE " + family_name + ' ' + std::string(name(family.type)) + '\n';
        for (const auto& [labels, series] : family.series) {
            std::visit([&](const auto& one) { append_series(out, family_name, labels, *one); },
                       series);
        }
    }
    return out;
}

}  // namespace jobhost::base
