#include "simulation/long_form.hpp"
#include "simulation/sqlite_backend.hpp"

int main(int argc, char** argv) {
    using namespace jobhost::simulation;
    return long_form(
        argc, argv, [](std::uint64_t seed) { return simulate_sqlite(seed); }, Kinds::Some);
}
