/// What the SDK says of itself.

#include <gmock/gmock.h>

#include "support/otlp_sdk.hpp"
#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(otlp_to_log, goes_what_the_sdk_says_but_not_all_of_it) {
  make_otlp_log_sink({})();
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  test::complain_as_the_sdk("no such luck");
  test::complain_as_the_sdk("once more");
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_THAT(log, HasSubstr("OpenTelemetry: no such luck"));
  EXPECT_THAT(log, HasSubstr("error"));
  EXPECT_THAT(log, Not(HasSubstr("once more")));
}

} // namespace

} // namespace switchgear::telemetry
