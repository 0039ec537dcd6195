/// More breaker scenarios than were recorded, made at random. What a model of
/// the breaker says of them, which knows the recorded ones too, all drivers
/// must say.

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "conformance/breaker_model.hpp"
#include "conformance/recordings.hpp"

namespace switchgear::conformance {

namespace {

TEST(breaker_crossed, the_model_knows_what_was_recorded) {
  for (const auto* set : {"breaker_hand", "breaker_rand"}) {
    for (const auto& [name, scenario, trace] : recordings(set)) {
      const auto said = model_breaker(parse_breaker(scenario));
      ASSERT_EQ(said, trace) << name << ":\n" << difference(trace, said);
    }
  }
}

class maker {
public:
  explicit maker(unsigned seed) : random_(seed) {
    // nop
  }

  lines make() {
    const auto number = [&](unsigned least, unsigned most) {
      return std::to_string(least + pick(most - least + 1));
    };
    lines result{
      "name random",
      "cfg failure_threshold=" + number(1, 5)
        + " success_threshold=" + number(1, 3) + " timeout=" + number(1, 200),
      "cfg window_size=" + number(1, 12) + " failure_rate_threshold="
        + one_of({"0.1", "0.3", "0.5", "0.55", "0.6", "0.7", "1.0"})
        + " half_open_max_calls=" + number(1, 3)
        + " rejected_in_total=" + number(0, 1),
      "run",
    };
    for (auto n = 10 + pick(60); n > 0; --n)
      result.push_back(step(result));
    return result;
  }

private:
  std::size_t pick(std::size_t below) {
    return random_() % below;
  }

  std::string one_of(const std::vector<std::string>& all) {
    return all[pick(all.size())];
  }

  // A permit is asked for, and its end told, only where the model agrees.
  std::string step(const lines& so_far) {
    switch (pick(14)) {
      case 0:
      case 1:
      case 2:
        return "ok";
      case 3:
      case 4:
        return "fail";
      case 5:
        return "crash";
      case 6:
      case 7:
        return "wait " + std::to_string(pick(150));
      case 8:
        return one_of({"reset", "force_open"});
      case 9:
        return one_of({"get_state", "stats"});
      case 10:
      case 11:
        return "begin p" + std::to_string(++begun_);
      default: {
        const auto out = out_after(so_far);
        if (out.empty())
          return "ok";
        return "end "
               + *std::next(out.begin(), static_cast<int>(pick(out.size())))
               + one_of({" ok", " fail"});
      }
    }
  }

  static std::set<std::string> out_after(const lines& scenario) {
    std::set<std::string> out;
    for (const auto& each : model_breaker(parse_breaker(scenario))) {
      if (each.starts_with("begin ") && each.find("-> ok") != each.npos)
        out.insert(each.substr(6, each.find(' ', 6) - 6));
      else if (each.starts_with("end "))
        out.erase(each.substr(4, each.find(' ', 4) - 4));
    }
    return out;
  }

  std::mt19937 random_;
  std::size_t begun_ = 0;
};

TEST(breaker_crossed, all_drivers_agree_with_the_model) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    const auto scenario = maker{seed}.make();
    const auto expected = model_breaker(parse_breaker(scenario));
    const auto alone = run_breaker(scenario, driver::virtual_time);
    ASSERT_EQ(alone, expected) << seed << ":\n" << difference(expected, alone);
    const auto inside = run_breaker(scenario, driver::actor);
    ASSERT_EQ(inside, expected) << seed << ":\n"
                                << difference(expected, inside);
    const auto by_threads = run_breaker(scenario, driver::lane);
    ASSERT_EQ(by_threads, expected) << seed << ":\n"
                                    << difference(expected, by_threads);
  }
}

// -- what is not well-formed --------------------------------------------------

std::string error_of(const lines& scenario) {
  try {
    run_breaker(scenario, driver::virtual_time);
  } catch (const bad_scenario& ex) {
    return ex.what();
  }
  return "none";
}

struct refusal {
  lines scenario;
  const char* text;
};

TEST(breaker_crossed, refuses_what_is_not_well_formed) {
  const refusal all[] = {
    {{}, "line 0: the scenario ends before 'run'"},
    {{"name x", "cfg"}, "line 2: the scenario ends before 'run'"},
    {{"fail"}, "line 1: record is 'fail'; allowed: name, cfg, run"},
    {{"run now"}, "line 1: unexpected 'now'; allowed: the end of the line"},
    {{"cfg timeout"}, "line 1: setting is 'timeout'; allowed: KEY=VALUE"},
    {{"cfg speed=1"},
     "line 1: key is 'speed'; allowed: failure_threshold, success_threshold, "
     "timeout, window_size, failure_rate_threshold, half_open_max_calls, "
     "rejected_in_total"},
    {{"cfg window_size=0"},
     "line 1: window_size is '0'; allowed: 1 to 1000000"},
    {{"cfg timeout=0"}, "line 1: timeout is '0'; allowed: 1 to 1000000000"},
    {{"cfg rejected_in_total=2"},
     "line 1: rejected_in_total is '2'; allowed: 0 to 1"},
    {{"cfg failure_rate_threshold=1"},
     "line 1: failure_rate_threshold is '1'; allowed: a number with a point, "
     "above 0.0, to 1.0"},
    {{"cfg failure_rate_threshold=1.5"},
     "line 1: failure_rate_threshold is '1.5'; allowed: a number with a point, "
     "above 0.0, to 1.0"},
    {{"cfg failure_rate_threshold=0.5x"},
     "line 1: failure_rate_threshold is '0.5x'; allowed: a number with a "
     "point, above 0.0, to 1.0"},
    {{"# comment", "", "run", "explode"},
     "line 4: event is 'explode'; allowed: ok, fail, crash, begin, end, wait, "
     "get_state, stats, reset, force_open"},
    {{"run", "ok now"},
     "line 2: unexpected 'now'; allowed: the end of the line"},
    {{"run", "wait -1"}, "line 2: time is '-1'; allowed: 0 to 1000000000"},
    {{"run", "begin"}, "line 2: id is missing"},
    {{"run", "begin A"}, "line 2: id is 'A'; allowed: a-z, 0-9 and _"},
    {{"run", "begin a", "end a"},
     "line 3: outcome is missing; allowed: ok, fail"},
    {{"run", "begin a", "end a crash"},
     "line 3: outcome is 'crash'; allowed: ok, fail"},
    {{"run", "end a ok"}, "line 2: id 'a' is not out; out are: none"},
    {{"run", "begin a", "begin b", "end c ok"},
     "line 4: id 'c' is not out; out are: a b"},
    {{"run", "begin a", "begin a"},
     "line 3: id 'a' is out already; out are: a"},
    {{"run", "begin a", "end a ok", "end a ok"},
     "line 4: id 'a' is not out; out are: none"},
    {{"run", "force_open", "begin a", "end a ok"},
     "line 4: id 'a' is not out; out are: none"},
  };
  for (const auto& each : all)
    EXPECT_EQ(error_of(each.scenario), each.text);
}

TEST(breaker_crossed, an_id_can_be_used_again) {
  EXPECT_EQ(error_of({"run", "begin a", "end a ok", "begin a", "end a fail"}),
            "none");
}

} // namespace

} // namespace switchgear::conformance
