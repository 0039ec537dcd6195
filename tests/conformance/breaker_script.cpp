#include "conformance/breaker_script.hpp"

#include <charconv>

#include "conformance/line_reader.hpp"

namespace switchgear::conformance {

namespace {

using std::chrono::milliseconds;

constexpr int most = 1'000'000;
constexpr int longest = 1'000'000'000; // milliseconds: eleven days

double read_share(const line_reader& in, std::string_view what,
                  std::string_view text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool is_float = error == std::errc{} && stop == end
                        && text.find('.') != std::string_view::npos;
  if (!is_float || !(value > 0.0 && value <= 1.0))
    in.fail(std::string{what} + " is '" + std::string{text} + "'",
            "a number with a point, above 0.0, to 1.0");
  return value;
}

void read_setting(line_reader& in, config& cfg) {
  const auto& word = in.any("setting");
  const auto equals = word.find('=');
  if (equals == std::string::npos)
    in.fail("setting is '" + word + "'", "KEY=VALUE");
  const auto key = word.substr(0, equals);
  const auto value = word.substr(equals + 1);
  const auto number = [&](int lowest, int highest) {
    return read_number(in, key, value, lowest, highest);
  };
  const auto amount
    = [&] { return static_cast<std::uint32_t>(number(1, most)); };
  if (key == "failure_threshold")
    cfg.failure_threshold = amount();
  else if (key == "success_threshold")
    cfg.success_threshold = amount();
  else if (key == "timeout")
    cfg.open_timeout = milliseconds{number(1, longest)};
  else if (key == "window_size")
    cfg.window_size = amount();
  else if (key == "failure_rate_threshold")
    cfg.failure_rate_threshold = read_share(in, key, value);
  else if (key == "half_open_max_calls")
    cfg.half_open_max_calls = amount();
  else if (key == "rejected_in_total")
    cfg.rejected_in_total = number(0, 1) == 1;
  else
    in.fail("key is '" + key + "'",
            "failure_threshold, success_threshold, timeout, window_size, "
            "failure_rate_threshold, half_open_max_calls, rejected_in_total");
}

void read_header(const std::string& word, line_reader& in, config& cfg) {
  if (word == "name") {
    in.any("name");
  } else if (word == "cfg") {
    while (!in.at_end())
      read_setting(in, cfg);
  } else {
    in.fail("record is '" + word + "'", "name, cfg, run");
  }
}

breaker_step read_step(const std::string& word, line_reader& in) {
  using kind = breaker_step::kind;
  breaker_step result;
  result.text = word;
  result.line = in.line();
  if (word == "ok") {
    result.what = kind::call;
  } else if (word == "fail") {
    result.what = kind::call;
    result.error = "simulated_failure";
  } else if (word == "crash") {
    result.what = kind::call;
    result.error = "error:boom"; // an exception's class and reason
  } else if (word == "begin") {
    result.what = kind::begin;
    result.id = in.name("id");
    result.text += ' ' + result.id;
  } else if (word == "end") {
    result.what = kind::end;
    result.id = in.name("id");
    const auto& how = in.one_of("outcome", {"ok", "fail"});
    if (how == "fail")
      result.error = "simulated_failure";
    result.text += ' ' + result.id + ' ' + how;
  } else if (word == "wait") {
    result.what = kind::wait;
    result.time = milliseconds{in.number("time", 0, longest)};
    result.text += ' ' + std::to_string(result.time.count());
  } else if (word == "get_state") {
    result.what = kind::get_state;
  } else if (word == "stats") {
    result.what = kind::stats;
  } else if (word == "reset") {
    result.what = kind::reset;
  } else if (word == "force_open") {
    result.what = kind::force_open;
  } else {
    in.fail("event is '" + word + "'",
            "ok, fail, crash, begin, end, wait, get_state, stats, reset, "
            "force_open");
  }
  return result;
}

} // namespace

breaker_script parse_breaker(const lines& scenario) {
  breaker_script script;
  bool running = false;
  for (std::size_t i = 0; i < scenario.size(); ++i) {
    line_reader in{i + 1, scenario[i]};
    if (in.at_end())
      continue;
    const auto& word = in.any("record");
    if (running)
      script.steps.push_back(read_step(word, in));
    else if (word == "run")
      running = true;
    else
      read_header(word, in, script.cfg);
    in.end();
  }
  if (!running)
    throw bad_scenario{"line " + std::to_string(scenario.size())
                       + ": the scenario ends before 'run'"};
  return script;
}

} // namespace switchgear::conformance
