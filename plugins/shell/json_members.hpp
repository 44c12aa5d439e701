#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "environment.hpp"
#include "fault.hpp"

namespace jobhost::shell {

/// Reads the members of one JSON object, each by the type it has to have, and gathers what is wrong
/// with them. A member that is missing, null or wrong gives nothing.
class JsonMembers {
public:
    explicit JsonMembers(std::string_view json);
    ~JsonMembers();

    std::optional<std::string> text(const char* name);
    /// Without NUL, as everything that becomes an argument of a program or a path has to be.
    std::optional<std::string> plain_text(const char* name);
    std::optional<std::vector<std::string>> plain_texts(const char* name);
    std::optional<Environment> environment(const char* name);
    std::optional<double> number(const char* name, double smallest, double largest);
    std::optional<std::set<int>> exit_codes(const char* name);

    void add_mistake(std::string mistake);

    /// Everything that is wrong, in one text: also each member that nobody asked for. Empty when
    /// all is well.
    std::string mistakes();

private:
    struct Document;

    std::unique_ptr<Document> document_;
    std::vector<std::string> mistakes_;
    bool unreadable_ = false;  ///< then that is the one mistake
};

}  // namespace jobhost::shell
