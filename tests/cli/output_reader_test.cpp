#include "cli/output_reader.hpp"

#include <gtest/gtest.h>

namespace jobhost::cli {
namespace {

base::Json document(const std::string& text) {
    auto parsed = base::parse_json(text);
    EXPECT_TRUE(parsed) << text;
    return parsed->value;
}

/// "o:text" for stdout, "e:text" for stderr, "-5" for a gap.
std::string told(const std::vector<OutputPiece>& pieces) {
    std::string text;
    for (const auto& piece : pieces) {
        text += text.empty() ? "" : "|";
        text += piece.dropped > 0 ? "-" + std::to_string(piece.dropped)
                                  : (piece.to_stderr ? "e:" : "o:") + piece.text;
    }
    return text;
}

std::string news(OutputReader& reader, const std::string& text) {
    return told(reader.news(document(text)));
}

TEST(OutputReader, BothStreamsComeInTheirOrder) {
    OutputReader reader;
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"a\n"},
                                       {"stream":"stderr","text":"b\n"}],
                               "dropped_bytes":0,"tail":[{"stream":"stdout","text":"c"}]})"),
              "o:a\n|e:b\n|o:c");
}

TEST(OutputReader, AskedAgainItGivesOnlyWhatIsNew) {
    OutputReader reader;
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"one "}]})"), "o:one ");
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"one "}]})"), "");
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"one two "},
                                       {"stream":"stderr","text":"three"}]})"),
              "o:two |e:three");
}

TEST(OutputReader, WhatTheHostDroppedIsAGap) {
    OutputReader reader;
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"aa"}],"dropped_bytes":7,
                               "tail":[{"stream":"stdout","text":"zz"}]})"),
              "o:aa|-7|o:zz");
}

TEST(OutputReader, WhatWasSeenBeforeItWasDroppedIsNoGap) {
    OutputReader reader;
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"aa"}],"dropped_bytes":0,
                               "tail":[{"stream":"stdout","text":"1234"}]})"),
              "o:aa|o:1234");
    // Three more bytes came, and the first three of the end were dropped.
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"aa"}],"dropped_bytes":3,
                               "tail":[{"stream":"stdout","text":"4567"}]})"),
              "o:567");
    // More came than the end can hold.
    EXPECT_EQ(news(reader, R"({"head":[{"stream":"stdout","text":"aa"}],"dropped_bytes":13,
                               "tail":[{"stream":"stdout","text":"wxyz"}]})"),
              "-6|o:wxyz");
}

TEST(OutputReader, AHalfCharacterAtTheEndIsWaitedFor) {
    OutputReader reader;
    EXPECT_EQ(news(reader,
                   "{\"is_running\":true,\"head\":[{\"stream\":\"stdout\","
                   "\"text\":\"a\xEF\xBF\xBD\"}]}"),
              "o:a");
    EXPECT_EQ(news(reader,
                   "{\"is_running\":true,\"head\":[{\"stream\":\"stdout\","
                   "\"text\":\"a\xC3\xA4\"}]}"),
              "o:\xC3\xA4");
    EXPECT_EQ(news(reader,
                   "{\"is_running\":false,\"head\":[{\"stream\":\"stdout\","
                   "\"text\":\"a\xC3\xA4\xEF\xBF\xBD\"}]}"),
              "o:\xEF\xBF\xBD");
}

TEST(OutputReader, ADocumentOfAnotherShapeSaysNothing) {
    OutputReader reader;
    for (const auto* text : {"{}", "[]", "null", R"({"head":5,"tail":"x","dropped_bytes":"y"})",
                             R"({"head":[5,{"stream":1}]})", R"({"dropped_bytes":-1})"}) {
        EXPECT_EQ(news(reader, text), "") << text;
    }
}

TEST(OutputReader, BytesThatAreNoTextAreKnown) {
    EXPECT_TRUE(has_replacements(
        document("{\"tail\":[{\"stream\":\"stdout\",\"text\":\"x\xEF\xBF\xBDy\"}]}")));
    EXPECT_FALSE(has_replacements(document(R"({"tail":[{"stream":"stdout","text":"xy"}]})")));
}

}  // namespace
}  // namespace jobhost::cli
