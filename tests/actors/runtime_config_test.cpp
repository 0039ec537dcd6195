/// Options from the command line and from a configuration file.

#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <vector>

#include "support/breaker_printing.hpp"
#include "switchgear/actor/runtime_config.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using testing::AllOf;
using testing::HasSubstr;

using arguments = std::vector<std::string>;

/// What CAF itself has to say against the text, or an empty string.
std::string parse(runtime_config& cfg, const std::string& text,
                  arguments args = {}) {
  std::istringstream file{text};
  const auto err = cfg.parse(std::move(args), file);
  return err ? to_string(err) : std::string{};
}

runtime_options options(const std::string& text, arguments args = {}) {
  runtime_config cfg;
  EXPECT_EQ(parse(cfg, text, std::move(args)), "");
  auto got = read_options(cfg);
  EXPECT_TRUE(got) << got.error().message();
  return got.value_or(runtime_options{});
}

/// What is wrong with the text in the section `switchgear`.
std::string complaint(const std::string& text) {
  runtime_config cfg;
  if (auto why = parse(cfg, "switchgear { " + text + " }"); !why.empty())
    return why;
  const auto got = read_options(cfg);
  if (got)
    return "nothing";
  EXPECT_EQ(got.error(), errc::invalid_config);
  return got.error().message();
}

void expect_same(const runtime_options& x, const runtime_options& y) {
  EXPECT_EQ(x.workers, y.workers);
  EXPECT_EQ(x.queue, y.queue);
  EXPECT_EQ(x.restart_intensity, y.restart_intensity);
  EXPECT_EQ(x.restart_period, y.restart_period);
  EXPECT_EQ(x.shutdown_grace, y.shutdown_grace);
  EXPECT_EQ(x.defaults, y.defaults);
  EXPECT_EQ(x.breakers, y.breakers);
}

TEST(runtime_config_test, without_anything_has_the_defaults) {
  expect_same(options(""), runtime_options{});
  expect_same(options("switchgear { }"), runtime_options{});
}

TEST(runtime_config_test, reads_arguments) {
  const auto got = options(
    "", {"--switchgear.workers=3", "--switchgear.queue=0",
         "--switchgear.restart-intensity=7", "--switchgear.restart-period=2min",
         "--switchgear.shutdown-grace=250ms"});
  EXPECT_EQ(got.workers, 3u);
  EXPECT_EQ(got.queue, 0u);
  EXPECT_EQ(got.restart_intensity, 7);
  EXPECT_EQ(got.restart_period, 2min);
  EXPECT_EQ(got.shutdown_grace, 250ms);
}

TEST(runtime_config_test, prefers_arguments_to_the_file) {
  const auto got = options("switchgear { workers = 3, queue = 4 }",
                           {"--switchgear.workers=5"});
  EXPECT_EQ(got.workers, 5u);
  EXPECT_EQ(got.queue, 4u);
}

TEST(runtime_config_test, reads_all_settings_of_a_breaker) {
  const auto got = options(R"(
    switchgear {
      defaults {
        failure-threshold = 11
        window-size = 12
        window-duration = 13s
        failure-rate-threshold = 0.14
        minimum-calls = 15
        slow-call-duration = 16ms
        slow-call-rate-threshold = 0.17
        max-stuck-calls = 30
        stuck-after = 31s
        latency-sampling = 32
        success-events = 100
        alert-failure-rate = 0.33
        alert-trips = 34
        alert-period = 35s
        closed-interval = 18min
        open-timeout = 19h
        open-timeout-multiplier = 2
        open-timeout-maximum = 21h
        open-timeout-jitter = 0.22
        half-open-max-calls = 23
        success-threshold = 24
        probe-lease = 25ms
        call-timeout = 26ms
        count-timeout-as-failure = false
        rejected-in-total = true
      }
    })");
  config cfg;
  cfg.failure_threshold = 11;
  cfg.window_size = 12;
  cfg.window_duration = 13s;
  cfg.failure_rate_threshold = 0.14;
  cfg.minimum_calls = 15;
  cfg.slow_call_duration = 16ms;
  cfg.slow_call_rate_threshold = 0.17;
  cfg.max_stuck_calls = 30;
  cfg.stuck_after = 31s;
  cfg.latency_sampling = 32;
  cfg.success_events = 100;
  cfg.alert_failure_rate = 0.33;
  cfg.alert_trips = 34;
  cfg.alert_period = 35s;
  cfg.closed_interval = 18min;
  cfg.open_timeout = 19h;
  cfg.open_timeout_multiplier = 2.0;
  cfg.open_timeout_maximum = 21h;
  cfg.open_timeout_jitter = 0.22;
  cfg.half_open_max_calls = 23;
  cfg.success_threshold = 24;
  cfg.probe_lease = 25ms;
  cfg.call_timeout = 26ms;
  cfg.count_timeout_as_failure = false;
  cfg.rejected_in_total = true;
  EXPECT_EQ(got.defaults, cfg);
}

TEST(runtime_config_test, breakers_begin_with_the_defaults) {
  const auto got = options(R"(
    switchgear {
      defaults { failure-threshold = 9 }
      breakers {
        database { open-timeout = 10s }
        search {
          name = "https://search.example.org/v1"
          failure-threshold = 2
        }
      }
    })");
  ASSERT_EQ(got.breakers.size(), 2u);
  EXPECT_EQ(got.breakers.at("database").failure_threshold, 9u);
  EXPECT_EQ(got.breakers.at("database").open_timeout, 10s);
  const auto& search = got.breakers.at("https://search.example.org/v1");
  EXPECT_EQ(search.failure_threshold, 2u);
  EXPECT_EQ(search.open_timeout, config{}.open_timeout);
}

TEST(runtime_config_test, says_where_telemetry_goes) {
  using namespace telemetry;
  EXPECT_FALSE(options("").telemetry.otlp);
  const auto got = options(R"(
    switchgear {
      telemetry {
        log = "always"
        otlp {
          endpoint = "http://collector:4318"
          protocol = "grpc"
          headers { authorization = "Bearer 1234" }
          timeout = 3s
          service-name = "shop"
          resource-attributes { "deployment.environment" = "test" }
          metric-interval = 5s
          temporality = "delta"
          success-events = true
          call-spans = true
        }
      }
    })");
  EXPECT_EQ(got.telemetry.log, telemetry_options::log_use::always);
  ASSERT_TRUE(got.telemetry.otlp);
  otlp_options expected;
  expected.endpoint = "http://collector:4318";
  expected.protocol = otlp_protocol::grpc;
  expected.headers.emplace()["authorization"] = "Bearer 1234";
  expected.timeout = 3s;
  expected.service_name = "shop";
  expected.resource_attributes = {{"deployment.environment", "test"}};
  expected.metric_interval = 5s;
  expected.temporality = otlp_temporality::delta;
  expected.success_events = true;
  expected.call_spans = true;
  EXPECT_EQ(*got.telemetry.otlp, expected);
}

TEST(runtime_config_test, refuses_telemetry_that_makes_no_sense) {
  EXPECT_THAT(
    complaint("telemetry { log = \"sometimes\" }"),
    HasSubstr(
      "telemetry.log = sometimes: must be one of automatic, always, never"));
  EXPECT_THAT(complaint("telemetry { otlp { protocol = \"smtp\" } }"),
              HasSubstr("telemetry.otlp.protocol = smtp: must be one of "
                        "http/protobuf, http/json, grpc"));
  EXPECT_THAT(complaint("telemetry { otlp { timeout = 0s } }"),
              HasSubstr("telemetry.otlp.timeout = 0 ms: must be"));
  EXPECT_THAT(complaint("telemetry { otlp { colour = 1 } }"),
              HasSubstr("telemetry.otlp.colour = 1: must be one of"));
  EXPECT_THAT(complaint("telemetry { log = 3 }"),
              HasSubstr("telemetry.log = 3: must be one of"));
}

TEST(runtime_config_test, serves_those_who_look_from_outside_if_told_so) {
  EXPECT_FALSE(options("switchgear { }").admin);
  const auto got = options(R"(
    switchgear {
      admin {
        listen = "0.0.0.0:8080"
        token = "0123456789abcdef"
        token-file = "/run/tokens"
        hosts = ["breakers.example", "other.example"]
        title = "shop"
        history = 10min
        control-patience = 2s
        events = 200
        threads = 2
        connections = 100
        streams = 10
      }
    })");
  ASSERT_TRUE(got.admin);
  EXPECT_EQ(got.admin->address, "0.0.0.0");
  EXPECT_EQ(got.admin->port, 8080);
  EXPECT_EQ(got.admin->token, "0123456789abcdef");
  EXPECT_EQ(got.admin->token_file, "/run/tokens");
  EXPECT_THAT(got.admin->hosts,
              testing::ElementsAre("breakers.example", "other.example"));
  EXPECT_EQ(got.admin->title, "shop");
  EXPECT_EQ(got.admin->history, 10min);
  EXPECT_EQ(got.admin->control_patience, 2s);
  EXPECT_EQ(got.admin->events, 200u);
  EXPECT_EQ(got.admin->threads, 2u);
  EXPECT_EQ(got.admin->connections, 100u);
  EXPECT_EQ(got.admin->streams, 10u);
}

TEST(runtime_config_test, an_empty_section_is_enough_to_look_from_outside) {
  const auto got = options("switchgear { admin { } }");
  ASSERT_TRUE(got.admin);
  EXPECT_EQ(got.admin->address, "127.0.0.1");
  EXPECT_EQ(got.admin->port, 9464);
  EXPECT_EQ(got.admin->events, admin_options{}.events);
  EXPECT_EQ(got.admin->history, admin_options{}.history);
}

TEST(runtime_config_test, reads_where_to_be_looked_at_from_arguments) {
  const auto got = options("", {"--switchgear.admin.listen=[::1]:0",
                                "--switchgear.admin.token-file=/run/tokens"});
  ASSERT_TRUE(got.admin);
  EXPECT_EQ(got.admin->address, "::1");
  EXPECT_EQ(got.admin->port, 0);
  EXPECT_EQ(got.admin->token_file, "/run/tokens");
}

TEST(runtime_config_test, refuses_an_admin_section_that_makes_no_sense) {
  EXPECT_THAT(complaint("admin = 3"), HasSubstr("admin = 3: must be"));
  EXPECT_THAT(complaint("admin { listen = \"here\" }"),
              HasSubstr("admin.listen = here: must be PORT or ADDRESS:PORT"));
  EXPECT_THAT(complaint("admin { listen = \"here:80\" }"),
              HasSubstr("admin.address = \"here\": must be"));
  EXPECT_THAT(complaint("admin { lisen = \"80\" }"),
              HasSubstr("admin.lisen = 80: must be one of listen, token, "
                        "token-file, hosts, title, history, events, "
                        "control-patience, threads, connections, streams"));
  EXPECT_THAT(complaint("admin { history = 3 }"),
              HasSubstr("admin.history = 3: must be a time with its unit"));
  EXPECT_THAT(complaint("admin { history = 2h }"),
              HasSubstr("admin.history = 7200 s: must be 0 to 1 h"));
  EXPECT_THAT(complaint("admin { events = 99, threads = 0 }"),
              AllOf(HasSubstr("admin.events = 99: must be 100 to 1000000"),
                    HasSubstr("admin.threads = 0: must be 1 to 64")));
  EXPECT_THAT(complaint("admin { events = -1 }"),
              HasSubstr("admin.events = -1: must be"));
  EXPECT_THAT(complaint("admin { hosts = [\"a:80\"] }"),
              HasSubstr("admin.hosts = \"a:80\": must be host names"));
}

TEST(runtime_config_test, refuses_what_it_does_not_know) {
  EXPECT_THAT(complaint("wrokers = 3"),
              AllOf(HasSubstr("wrokers = 3: must be one of "),
                    HasSubstr("workers"), HasSubstr("breakers")));
  EXPECT_THAT(complaint("defaults { failure_threshold = 3 }"),
              AllOf(HasSubstr("defaults.failure_threshold = 3: must be one of"),
                    HasSubstr("failure-threshold")));
  EXPECT_THAT(complaint("breakers { db { treshold = 3 } }"),
              HasSubstr("breakers.db.treshold = 3: must be one of name, "));
}

TEST(runtime_config_test, refuses_values_of_another_type) {
  EXPECT_EQ(complaint("defaults { failure-threshold = \"many\" }"),
            "defaults.failure-threshold = many: must be a whole number, 0 to "
            "4294967295");
  EXPECT_THAT(complaint("defaults { failure-threshold = -1 }"),
              HasSubstr("defaults.failure-threshold = -1: must be"));
  EXPECT_EQ(complaint("defaults { open-timeout = 30 }"),
            "defaults.open-timeout = 30: must be a time with its unit, e.g. "
            "500ms or 30s");
  EXPECT_EQ(complaint("defaults { count-timeout-as-failure = 1 }"),
            "defaults.count-timeout-as-failure = 1: must be true or false");
  EXPECT_EQ(complaint("defaults { open-timeout-jitter = [] }"),
            "defaults.open-timeout-jitter = []: must be a number");
  EXPECT_THAT(complaint("defaults = 3"), HasSubstr("defaults = 3: must be"));
  EXPECT_THAT(complaint("breakers = 3"), HasSubstr("breakers = 3: must be"));
  EXPECT_EQ(complaint("breakers { db = 3 }"),
            "breakers.db = 3: must be a section with a breaker's settings");
}

TEST(runtime_config_test, refuses_values_that_are_out_of_range) {
  EXPECT_EQ(complaint("workers = 0"), "workers = 0: must be 1 to 10000");
  EXPECT_EQ(complaint("queue = 1000001"),
            "queue = 1000001: must be 0 to 1000000");
  EXPECT_EQ(complaint("restart-period = 25h"),
            "restart_period = 90000000 ms: must be 1 ms to 24 h");
  EXPECT_EQ(complaint("defaults { failure-rate-threshold = 1.5 }"),
            "defaults.failure_rate_threshold = 1.5: must be above 0, up to and "
            "including 1");
  EXPECT_EQ(complaint("breakers { db { failure-threshold = 0 } }"),
            "breakers.db.failure_threshold = 0: must be 1 to 1000000");
  EXPECT_THAT(complaint("breakers { db { name = \"\" } }"),
              HasSubstr("1 to 255 bytes"));
}

TEST(runtime_config_test, refuses_one_name_for_two_breakers) {
  EXPECT_THAT(complaint("breakers { a { name = \"b\" }, b { } }"),
              HasSubstr("a name that no other breaker has"));
}

TEST(runtime_config_test, tells_of_all_that_is_wrong_at_once) {
  EXPECT_THAT(complaint("workers = 0, queue = 1000001, "
                        "defaults { failure-threshold = 0 }"),
              AllOf(HasSubstr("workers = 0"), HasSubstr("queue = 1000001"),
                    HasSubstr("defaults.failure_threshold = 0")));
}

TEST(runtime_config_test, refuses_arguments_of_another_type) {
  runtime_config cfg;
  EXPECT_NE(parse(cfg, "", {"--switchgear.workers=many"}), "");
  // CAF's own parser lets this pass.
  runtime_config other;
  EXPECT_EQ(parse(other, "", {"--switchgear.workers=-1"}), "");
  const auto got = read_options(other);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message(), HasSubstr("workers = "));
}

} // namespace

} // namespace switchgear::test
