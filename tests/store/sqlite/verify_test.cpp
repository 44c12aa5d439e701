#include "store/sqlite/verify.hpp"

#include <gmock/gmock.h>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/opened.hpp"

namespace jobhost::store::sqlite {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Damage {
    const char* script;
    const char* finding;
};

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.finding; }

class VerifyTest : public testing::TestWithParam<Damage> {};

TEST_P(VerifyTest, FindsIt) {
    Opened store;
    store.enqueue_many(5);
    store.enqueue(JobBuilder().name("n"));
    store.enqueue(JobBuilder().begin_time(store.clock().now() + 1h));
    const ClaimedJob job = store.run_one();
    Settlement end = store.succeeded(job);
    end.result_json = "{}";
    end.output = Output{.head = {{core::Stream::Out, "x"}}};
    ASSERT_TRUE(store.settle(end));
    ASSERT_THAT(store.violations(), IsEmpty());
    store.close();

    const auto damaging = *Connection::open(store.file(), Access::Write, 1s);
    damaging->script(GetParam().script);
    ASSERT_FALSE(damaging->failure());

    EXPECT_THAT(store.violations(), testing::Contains(HasSubstr(GetParam().finding)));
}

INSTANTIATE_TEST_SUITE_P(
    Damages,
    VerifyTest,
    testing::Values(
        Damage{"DELETE FROM ready WHERE job = 2", "exactly one place"},
        Damage{"INSERT INTO finished VALUES (2, 0)", "exactly one place"},
        Damage{"DELETE FROM job WHERE key = 2", "does not exist"},
        Damage{"UPDATE ready SET lane = lane + 1 WHERE job = 2", "another lane"},
        Damage{"UPDATE ready SET rank = rank + 1 WHERE job = 2", "a rank does not follow"},
        Damage{"UPDATE parked SET tries = 1, rank = rank + 1", "reason for waiting"},
        Damage{"UPDATE job SET enabled = 0 WHERE key = 2", "a disabled job stands in the queue"},
        Damage{"UPDATE job SET enabled = 0 WHERE key = 7", "a job waits to be enabled and is"},
        Damage{"UPDATE ready SET attempts = 3 WHERE job = 2", "number of attempts"},
        Damage{"UPDATE attempt SET number = 2", "not numbered"},
        Damage{"UPDATE attempt SET repeats = 2", "not numbered"},
        Damage{"INSERT INTO history VALUES (1, 2, 0)", "does not fit the attempts"},
        Damage{"UPDATE attempt SET outcome = 1", "without a last attempt that succeeded"},
        Damage{"UPDATE counter SET value = 77 WHERE name = 'queuing'", "a counter is wrong"},
        Damage{"UPDATE counter SET value = 1 WHERE name = 'last_key'", "was not counted"},
        Damage{"INSERT INTO running VALUES (1, 1, 1)", "a mark of a running attempt"},
        Damage{"INSERT INTO intent VALUES (1, 1, 1)", "a wish is left"},
        Damage{"DELETE FROM ended", "not noted as ended"},
        Damage{"DELETE FROM name_key", "a name does not belong"},
        Damage{"UPDATE attempt SET token = token + 1", "a text is left"},
        Damage{"INSERT INTO output VALUES (99, 1, 0, 0, x'')", "output is left"},
        Damage{"UPDATE job SET lane = 55 WHERE key = 2", "a reference leads nowhere"}));

}  // namespace
}  // namespace jobhost::store::sqlite
