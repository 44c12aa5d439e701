#!/usr/bin/env bash
# Builds the templates as a stranger would: installs the SDK alone, moves it elsewhere, copies the
# templates out of it and builds them with nothing else. The libraries end up in OUT.
#
#   build_templates_outside.sh BUILD-DIR OUT
set -euo pipefail

build=$(realpath "$1")
out=$2
source_dir=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$build/CMakeCache.txt")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DESTDIR CMAKE_PREFIX_PATH CFLAGS CXXFLAGS LDFLAGS

cmake --install "$build" --component sdk --prefix "$work/first" > "$work/install.log"
mv "$work/first" "$work/sdk"
if grep --recursive --files-with-matches --fixed-strings -e "$source_dir" -e "$work/first" "$work/sdk"; then
    echo "the files above name the place they were built in" >&2
    exit 1
fi

mkdir -p "$out"
for language in c cpp; do
    cp -r "$work/sdk/share/jobhost-sdk/template/$language" "$work/$language"
    cmake -S "$work/$language" -B "$work/$language/build" -G Ninja \
        -DCMAKE_PREFIX_PATH="$work/sdk" -DCMAKE_BUILD_TYPE=Release > "$work/configure.log" ||
        { cat "$work/configure.log"; exit 1; }
    cmake --build "$work/$language/build"
    cp "$work/$language/build/example-$language.so" "$out/"
done

# Without CMake, by pkg-config.
export PKG_CONFIG_PATH=$work/sdk/share/pkgconfig
read -ra flags < <(pkg-config --cflags jobhost-sdk)
cc -std=c11 -shared -fPIC -fvisibility=hidden "${flags[@]}" "$work/c/plugin.c" \
    -o "$work/example-pkg-config.so"
echo "built: $out/example-c.so $out/example-cpp.so"
