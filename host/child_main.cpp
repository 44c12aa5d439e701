#include <cstddef>
#include <cstdlib>
#include <span>

#include "isolate/child.hpp"

int main(int argc, char** argv) {
    const std::span words(argv, static_cast<std::size_t>(argc));
    const std::span<const char* const> arguments = words.subspan(words.empty() ? 0 : 1);
    std::_Exit(jobhost::isolate::run_child(arguments));
}
