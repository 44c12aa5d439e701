#include "cli/job_arguments.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "cli/exit_code.hpp"

namespace jobhost::cli {
namespace {

using core::Parameter;
using core::ParameterType;
using Words = std::vector<std::string>;

Parameter parameter(std::string name, ParameterType type, bool repeated = false) {
    Parameter result;
    result.name = std::move(name);
    result.type = type;
    result.repeated = repeated;
    return result;
}

core::TypeInfo type_of_all() {
    core::TypeInfo type;
    type.id = "test.all";
    type.parameters = {
        parameter("string", ParameterType::String),
        parameter("text", ParameterType::Text),
        parameter("integer", ParameterType::Integer),
        parameter("number", ParameterType::Number),
        parameter("boolean", ParameterType::Boolean),
        parameter("enum", ParameterType::Enum),
        parameter("time", ParameterType::DateTime),
        parameter("duration", ParameterType::Duration),
        parameter("json", ParameterType::Json),
        parameter("file", ParameterType::File),
        parameter("list", ParameterType::String, true),
        parameter("numbers", ParameterType::Integer, true),
    };
    return type;
}

std::string args(const Words& words, const std::string& whole = "") {
    const auto type = type_of_all();
    const auto result = job_arguments(whole, words, &type);
    return result ? *result : result.error().message;
}

TEST(JobArguments, AValueIsReadAsItsParameterAsksFor) {
    EXPECT_EQ(args({"string=5"}), R"({"string":"5"})");
    EXPECT_EQ(args({"text=true"}), R"({"text":"true"})");
    EXPECT_EQ(args({"integer=5"}), R"({"integer":5})");
    EXPECT_EQ(args({"integer=-9007199254740993"}), R"({"integer":-9007199254740993})");
    EXPECT_EQ(args({"number=2.5"}), R"({"number":2.5})");
    EXPECT_EQ(args({"boolean=true"}), R"({"boolean":true})");
    EXPECT_EQ(args({"enum=a"}), R"({"enum":"a"})");
    EXPECT_EQ(args({"time=2026-03-01T12:00:00Z"}), R"({"time":"2026-03-01T12:00:00Z"})");
    EXPECT_EQ(args({"duration=30s"}), R"({"duration":"30s"})");
    EXPECT_EQ(args({"duration=30"}), R"({"duration":30})");
    EXPECT_EQ(args({"json={\"a\":[1]}"}), R"({"json":{"a":[1]}})");
    EXPECT_EQ(args({"json=plain words"}), R"({"json":"plain words"})");
    EXPECT_EQ(args({"file=/x"}), R"({"file":"/x"})");
}

TEST(JobArguments, WhatDoesNotFitStaysTextForTheHostToJudge) {
    EXPECT_EQ(args({"integer=many"}), R"({"integer":"many"})");
    EXPECT_EQ(args({"boolean=yes"}), R"({"boolean":"yes"})");
    EXPECT_EQ(args({"number="}), R"({"number":""})");
    EXPECT_EQ(args({"unknown=5"}), R"({"unknown":"5"})");
}

TEST(JobArguments, WithoutATypeEverythingIsText) {
    EXPECT_EQ(*job_arguments("", Words{"a=5", "b=true"}, nullptr), R"({"a":"5","b":"true"})");
}

TEST(JobArguments, JsonIsTakenAsItStands) {
    EXPECT_EQ(args({"string:=5", "list:=[\"a\"]", "integer:=null"}),
              R"({"string":5,"list":["a"],"integer":null})");
}

TEST(JobArguments, JsonThatIsNoneIsRefused) {
    EXPECT_NE(args({"x:={"}).find("what stands behind x:= is not JSON: "), std::string::npos);
}

TEST(JobArguments, ARepeatedParameterCollects) {
    EXPECT_EQ(args({"list=a", "list=b"}), R"({"list":["a","b"]})");
    EXPECT_EQ(args({"numbers=1"}), R"({"numbers":[1]})");
}

TEST(JobArguments, AnyOtherIsGivenOnce) {
    EXPECT_EQ(args({"string=a", "string=b"}), "the argument \"string\" is given twice");
    EXPECT_EQ(args({"list:=[1]", "list:=[2]"}), "the argument \"list\" is given twice");
}

TEST(JobArguments, AWordWithoutANameIsRefused) {
    EXPECT_EQ(args({"echo"}), "\"echo\" is no argument; write NAME=VALUE, or NAME:=JSON");
    EXPECT_EQ(args({"=x"}), "\"=x\" is no argument; write NAME=VALUE, or NAME:=JSON");
    EXPECT_EQ(args({":=1"}), "\":=1\" is no argument; write NAME=VALUE, or NAME:=JSON");
}

TEST(JobArguments, TheValueBeginsAtTheFirstEqualsSign) {
    EXPECT_EQ(args({"string=a=b:=c"}), R"({"string":"a=b:=c"})");
}

TEST(JobArguments, WholeArgumentsAloneAreKeptByteByByte) {
    const std::string whole = "{ \"b\" : 1.50,\n \"a\":1e2 }";
    EXPECT_EQ(args({}, whole), whole);
    EXPECT_EQ(args({}), "{}");
}

TEST(JobArguments, WordsAreLaidOverWholeArguments) {
    EXPECT_EQ(args({"integer=2"}, R"({"integer":1,"string":"x"})"),
              R"({"integer":2,"string":"x"})");
    EXPECT_EQ(args({"list=b"}, R"({"list":["a"]})"), R"({"list":["b"]})");
}

TEST(JobArguments, WholeArgumentsMustBeAnObject) {
    EXPECT_EQ(args({}, "[1]"), "--args must be a JSON object");
    EXPECT_NE(args({}, "{").find("--args is not JSON: line 1"), std::string::npos);
    const auto type = type_of_all();
    EXPECT_EQ(exit_code_of(job_arguments("{", Words{}, &type).error()), ExitCode::WrongUse);
}

TEST(CreateBody, HasOnlyWhatWasGiven) {
    EXPECT_EQ(create_body("t", "{}", Arguments(), "", {}), R"({"type":"t","args":{}})");
}

TEST(CreateBody, NamesTheUserAsCreatorUnlessAHostWouldRefuseIt) {
    const auto body_of = [](const std::string& user) {
        return create_body("t", "{}", Arguments(), user, {});
    };
    EXPECT_EQ(body_of("ada"), R"({"type":"t","args":{},"creator":"ada"})");
    EXPECT_NE(body_of(std::string(100, 'a')).find("creator"), std::string::npos);
    for (const std::string& user :
         {std::string(101, 'a'), std::string("\xff"), std::string("\n")}) {
        EXPECT_EQ(body_of(user), R"({"type":"t","args":{}})");
    }
    Arguments options;
    options.add("--creator", {""});
    EXPECT_EQ(create_body("t", "{}", options, "ada", {}), R"({"type":"t","args":{},"creator":""})");
}

TEST(CreateBody, HasEveryOption) {
    Arguments options;
    options.add("--name", {"n"});
    options.add("--group", {"g"});
    options.add("--priority", {"high"});
    options.add("--description", {"\"d\""});
    options.add("--in", {"90s"});
    options.add("--timeout", {"1500ms"});
    options.add("--max-try-count", {"3"});
    options.add("--label", {"site=fra1", "x=a=b"});
    const auto now = *base::parse_instant("2026-03-01T12:00:00Z");
    EXPECT_EQ(create_body("t\"", R"({"a": 1.0})", options, "", now),
              R"({"type":"t\"","args":{"a": 1.0},"name":"n","group":"g","priority":"high",)"
              R"("description":"\"d\"","timeout":1.5,"max_try_count":3,)"
              R"("begin_time":"2026-03-01T12:01:30.000Z","labels":{"site":"fra1","x":"a=b"}})");
}

TEST(CreateBody, HasEveryOptionOfARecurringJob) {
    Arguments options;
    options.add("--cron", {"0 3 * * *"});
    options.add("--cron-days", {"both"});
    options.add("--time-zone", {"Europe/Berlin"});
    options.add("--interval", {"5m"});
    options.add("--end-time", {"2026-03-01T12:00:00Z"});
    options.add("--max-count", {"9"});
    options.add("--misfire", {"run_all"});
    options.add("--misfire-limit", {"7"});
    options.add("--catch-up", {"1h"});
    options.add("--overlap", {"skip"});
    options.add("--lock-timeout", {"60s"});
    options.add("--jitter", {"10s"});
    options.add("--occurrence-tries", {"2"});
    options.add("--calendar", {"holidays", "nights"});
    EXPECT_EQ(create_body("t", "{}", options, "", {}),
              R"({"type":"t","args":{},"cron":"0 3 * * *","cron_days":"both",)"
              R"("time_zone":"Europe/Berlin","interval":300,"end_time":"2026-03-01T12:00:00.000Z",)"
              R"("max_count":9,"misfire":"run_all","misfire_limit":7,"catch_up":3600,)"
              R"("overlap":"skip","lock_timeout":60,"jitter":10,"occurrence_tries":2,)"
              R"("calendars":["holidays","nights"]})");
}

TEST(ChangeBody, AnEmptyCalendarStandsForNone) {
    Arguments options;
    options.add("--calendar", {""});
    EXPECT_EQ(*change_body(options, {}), R"({"calendars":[]})");
}

TEST(ChangeBody, AnEmptyNodeStandsForAny) {
    Arguments options;
    options.add("--node", {""});
    EXPECT_EQ(*change_body(options, {}), R"({"node_name":null})");
}

TEST(CreateBody, SaysWhatTheJobSaysAboutItsRetries) {
    Arguments options;
    options.add("--retry", {"base=10s", "factor=1.5", "cap=1h", "jitter=0", "other=x"});
    EXPECT_EQ(create_body("t", "{}", options, "", {}),
              R"({"type":"t","args":{},"retry":{"base":10,"factor":1.5,"cap":3600,"jitter":0,)"
              R"("other":"x"}})");
}

TEST(CreateBody, ABeginTimeIsSentInUtc) {
    Arguments options;
    options.add("--begin-time", {"2026-03-01T13:00:00+01:00"});
    EXPECT_EQ(create_body("t", "{}", options, "", {}),
              R"({"type":"t","args":{},"begin_time":"2026-03-01T12:00:00.000Z"})");
}

}  // namespace
}  // namespace jobhost::cli
