#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <jobhost/plugin.h>

namespace jobhost::plugin {

/// How far a struct of level 1 reaches, which stays the least `struct_size` of a plugin however
/// much the header grows. What lies beyond may only be read after JH_HAS.
template <typename T>
inline constexpr std::size_t kLevel1Size = 0;
template <>
inline constexpr std::size_t kLevel1Size<jh_plugin> =
    offsetof(jh_plugin, get_extension) + sizeof(jh_plugin::get_extension);
template <>
inline constexpr std::size_t kLevel1Size<jh_runner> =
    offsetof(jh_runner, start) + sizeof(jh_runner::start);
template <>
inline constexpr std::size_t kLevel1Size<jh_handler> =
    offsetof(jh_handler, on_event) + sizeof(jh_handler::on_event);
template <>
inline constexpr std::size_t kLevel1Size<jh_schedule> =
    offsetof(jh_schedule, args_json) + sizeof(jh_schedule::args_json);
template <>
inline constexpr std::size_t kLevel1Size<jh_param> =
    offsetof(jh_param, schema_json) + sizeof(jh_param::schema_json);
template <>
inline constexpr std::size_t kLevel1Size<jh_error> =
    offsetof(jh_error, details_json) + sizeof(jh_error::details_json);

// As in sdk/abi/levels/1.json.
static_assert(kLevel1Size<jh_plugin> == 184);
static_assert(kLevel1Size<jh_runner> == 96);
static_assert(kLevel1Size<jh_handler> == 96);
static_assert(kLevel1Size<jh_schedule> == 48);
static_assert(kLevel1Size<jh_param> == 88);
static_assert(kLevel1Size<jh_error> == 72);

/// Copies fields out of a plugin's structs and remembers the first thing that is wrong with them.
/// After that everything reads as empty, so a caller may ask at the end.
///
/// `where` names the struct in sentences: "the plugin", "runner `a.b`".
class Fields {
public:
    static constexpr std::uint32_t kMostElements = 1000;
    static constexpr std::uint32_t kCriticalFlags = 0xffff0000U;

    /// The first mistake, as a sentence without a full stop.
    [[nodiscard]] const std::optional<std::string>& mistake() const { return mistake_; }
    [[nodiscard]] bool sound() const { return !mistake_; }

    void refuse(std::string sentence);

    /// Judges `struct_size`: may the fields of level 1 be read?
    template <typename T>
    bool size(const T& object, const std::string& where) {
        static_assert(kLevel1Size<T> > 0, "only structs of a plugin have one");
        return size_sound(object.struct_size, kLevel1Size<T>, where);
    }

    /// An id of the border's grammar.
    [[nodiscard]] std::string id(const char* text,
                                 std::string_view field,
                                 const std::string& where);
    /// The same without `/`: keys of arguments are written in paths.
    [[nodiscard]] std::string key(const char* text,
                                  std::string_view field,
                                  const std::string& where);
    /// Printable ASCII of 1 to 127 letters: versions, cron texts.
    [[nodiscard]] std::string line(const char* text,
                                   std::string_view field,
                                   const std::string& where);
    /// UTF-8, may be empty.
    [[nodiscard]] std::string text(jh_str text, std::string_view field, const std::string& where);
    /// A JSON document in compact form, or empty.
    [[nodiscard]] std::string document(jh_str text,
                                       std::string_view field,
                                       const std::string& where);

    /// Calls `each(element, index)` for every element of an array of pointers.
    template <typename T, typename F>
    void elements(const T* const* array,
                  std::uint32_t count,
                  std::string_view field,
                  const std::string& where,
                  F&& each) {
        if (!array_sound(array, count, field, where)) {
            return;
        }
        for (std::uint32_t i = 0; i < count && sound(); ++i) {
            if (array[i] == nullptr) {
                refuse("`" + std::string(field) + "[" + std::to_string(i) + "]` of " + where +
                       " is null");
                return;
            }
            each(*array[i], i);
        }
    }

private:
    bool size_sound(std::uint32_t struct_size, std::size_t level_1_size, const std::string& where);
    bool array_sound(const void* array,
                     std::uint32_t count,
                     std::string_view field,
                     const std::string& where);
    std::string word(const char* text,
                     std::string_view letters,
                     std::string_view field,
                     const std::string& where);

    std::optional<std::string> mistake_;
};

/// What unknown critical flags a struct sets, as a sentence; nothing when there are none. `known`
/// are the critical ones that this host understands.
[[nodiscard]] std::optional<std::string> unknown_critical(std::uint32_t flags,
                                                          std::uint32_t known,
                                                          const std::string& where);

}  // namespace jobhost::plugin
