#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "http/raw_client.hpp"

namespace jobhost::http::testing {

/// The published description of the API, as a judge of answers.
class Contract {
public:
    Contract();

    /// What an answer has that the description does not allow, or lacks; empty when it keeps it.
    /// `path` may have a query.
    [[nodiscard]] std::vector<std::string> breaches(const std::string& method,
                                                    const std::string& path,
                                                    const RawAnswer& answer) const;

    /// Every method and path of it: `GET /api/v1/jobs/{id}`.
    [[nodiscard]] std::vector<std::string> operations() const;
    /// The query parameters of one of them.
    [[nodiscard]] std::vector<std::string> parameters(const std::string& method,
                                                      const std::string& pattern) const;

private:
    [[nodiscard]] const base::Json* operation(const std::string& method,
                                              const std::string& path) const;
    [[nodiscard]] const base::Json& resolve(const base::Json& node) const;
    void check(const base::Json& schema,
               const base::Json& value,
               const std::string& where,
               std::vector<std::string>& breaches) const;
    void check_object(const base::JsonObject& schema,
                      const base::JsonObject& value,
                      const std::string& where,
                      std::vector<std::string>& breaches) const;

    base::Json document_;
};

}  // namespace jobhost::http::testing
