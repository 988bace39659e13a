// SPDX-License-Identifier: GPL-2.0-or-later
#include "client-checks/lab/static_files.h"
#include "scenarios/loader/input_error.h"
#include "tests/certs/support.h"

#include <catch2/catch.hpp>
#include <fstream>

using namespace alert40;

namespace {

struct Folder {
    Folder()
    {
        write("secret.html", "secret");
        std::filesystem::create_directories(pages() / "parts");
        write("pages/index.html", "<!doctype html>");
        write("pages/lab.css", "css");
        write("pages/parts/ladder.js", "js");
        write("pages/.hidden.js", "hidden");
        write("pages/notes.md", "notes");
        std::filesystem::create_symlink(directory.path() / "secret.html", pages() / "link.html");
    }
    void write(const std::string& name, const std::string& text) { std::ofstream(directory.path() / name) << text; }
    std::filesystem::path pages() const { return directory.path() / "pages"; }

    test::TemporaryDirectory directory;
};

} // namespace

TEST_CASE("every path of a page gets the shell", "[lab][pages]")
{
    const Folder folder;
    const StaticFiles files(folder.pages());
    for (const auto* path :
         {"/", "/scenario/cipher/one-aead-only-tls12", "/connections", "/connections/17", "/causes/weak-dh",
          "/exercises", "/exercises/3", "/curricula/hour", "/listeners", "/results", "/join"}) {
        INFO(path);
        REQUIRE(files.find(path));
        CHECK(files.find(path)->body == "<!doctype html>");
        CHECK(files.find(path)->type == "text/html; charset=utf-8");
    }
}

TEST_CASE("files have the media types that a browser insists on", "[lab][pages]")
{
    const Folder folder;
    const StaticFiles files(folder.pages());
    CHECK(files.find("/lab.css")->type == "text/css; charset=utf-8");
    CHECK(files.find("/parts/ladder.js")->type == "text/javascript; charset=utf-8");
}

TEST_CASE("nothing outside the folder is given, nothing hidden, and nothing of another kind", "[lab][pages]")
{
    const Folder folder;
    const StaticFiles files(folder.pages());
    for (const auto* path : {"", "lab.css", "/../secret.html", "/parts/../../secret.html", "//lab.css", "/parts/",
                             "/parts", "/.hidden.js", "/notes.md", "/link.html", "/none.css", "/scenario/cipher",
                             "/scenario/../x", "/causes", "/join/x", "/lab.css/", "/%2e%2e/secret.html"}) {
        INFO(path);
        CHECK_FALSE(files.find(path));
    }
    CHECK_FALSE(files.find(std::string_view("/lab.css\0.js", 12)));
}

TEST_CASE("a folder without the shell is refused", "[lab][pages]")
{
    const test::TemporaryDirectory directory;
    CHECK_THROWS_AS(StaticFiles(directory.path()), InputError);
}
