#include "cli/program.hpp"

int main(int argc, char** argv) { return jobhost::cli::run_program(argc, argv); }
