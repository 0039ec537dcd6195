#include "admin/controls.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/hold.hpp"
#include "switchgear/runtime.hpp"

using namespace std::chrono_literals;

namespace switchgear::admin {

namespace {

using kind = control_result::kind;
using texts = std::vector<std::string>;

using testing::HasSubstr;

admin_control make(
  std::string id,
  std::function<std::string()> run = [] { return std::string{"done"}; }) {
  admin_control result;
  result.id = std::move(id);
  result.run = std::move(run);
  return result;
}

std::string refused(controls& tested, std::vector<admin_control> more) {
  try {
    tested.add(std::move(more));
    return {};
  } catch (const setup_error& error) {
    EXPECT_EQ(error.code(), errc::invalid_config);
    return error.what();
  }
}

/// What a control says that it has done; else nothing.
std::string said(const control_result& got) {
  return got.what == kind::done ? got.text : std::string{};
}

class admin_controls : public testing::Test {
protected:
  /// A control that hangs, and is run by a thread of its own.
  std::future<control_result> start_hanging() {
    tested.add({make("hang", [door = held.door()] {
      (*door)();
      return std::string{"at last"};
    })});
    auto result
      = std::async(std::launch::async, [this] { return tested.run("hang"); });
    EXPECT_TRUE(held.await_arrivals(1));
    return result;
  }

  controls tested{test::patience};
  test::hold held; // is let go first
};

/// Nobody waits for them.
class impatient_admin_controls : public admin_controls {
protected:
  impatient_admin_controls() {
    tested.stop_waiting();
  }
};

TEST_F(admin_controls, run) {
  int runs = 0;
  tested.add({make("a", [&] { return std::to_string(++runs); }), make("b")});
  EXPECT_EQ(said(tested.run("a")), "1");
  EXPECT_EQ(said(tested.run("a")), "2");
  EXPECT_EQ(said(tested.run("b")), "done");
  EXPECT_EQ(tested.run("c").what, kind::unknown);
  EXPECT_EQ(tested.find("b")->id, "b");
  EXPECT_FALSE(tested.find("B"));
  EXPECT_FALSE(tested.is_running_here());
}

TEST_F(admin_controls, are_listed) {
  EXPECT_EQ(tested.list(), json::array());
  auto first = make("first");
  first.tool = "to\xffol";
  first.group = "g";
  first.label = "l";
  first.description = "d";
  bool on = true;
  first.active = [&] { return on; };
  auto second = make("second");
  tested.add({first, second});
  EXPECT_EQ(tested.list().dump(),
            R"([{"id":"first","tool":"to\\xffol","group":"g","label":"l",)"
            R"("description":"d","active":true},)"
            R"({"id":"second","tool":null,"group":"","label":"",)"
            R"("description":"","active":null}])");
  on = false;
  EXPECT_EQ(tested.list()[0]["active"], false);
}

TEST_F(admin_controls, are_listed_though_one_does_not_know_how_it_is) {
  auto broken = make("broken");
  broken.active = []() -> bool { throw 42; };
  auto fine = make("fine");
  fine.active = [] { return true; };
  tested.add({broken, fine});
  EXPECT_EQ(tested.list()[0]["active"], nullptr);
  EXPECT_EQ(tested.list()[1]["active"], true);
}

TEST_F(admin_controls, are_refused_if_they_cannot_be) {
  tested.add({make("known")});
  EXPECT_THAT(refused(tested, {make("known")}),
              HasSubstr("one that no other control has"));
  EXPECT_THAT(refused(tested, {make("a"), make("a")}),
              HasSubstr("one that no other control has"));
  for (const auto& id :
       texts{std::string{}, std::string{"a b"}, std::string{"a/b"},
             std::string{"ü"}, std::string{".."}, std::string{"."},
             std::string(256, 'x')})
    EXPECT_THAT(refused(tested, {make(id)}),
                HasSubstr("1 to 255 letters, digits and -._~"));
  EXPECT_THAT(refused(tested, {make("a", nullptr)}), HasSubstr("has a run"));
  // None of those that come together, if one cannot be.
  EXPECT_NE(refused(tested, {make("good"), make("")}), "");
  EXPECT_FALSE(tested.find("good"));
  EXPECT_EQ(refused(tested, {make(std::string(255, 'x')), make("A-b._~9")}),
            "");
}

TEST_F(admin_controls, may_throw) {
  tested.add({make("a", []() -> std::string { throw std::runtime_error{"x"}; }),
              make("b", []() -> std::string { throw 42; })});
  for (int i = 0; i < 2; ++i) { // the next one can run
    EXPECT_EQ(tested.run("a").what, kind::failed);
    EXPECT_EQ(tested.run("a").text, "x");
    EXPECT_THAT(tested.run("b").text, HasSubstr("no std::exception"));
  }
}

TEST_F(admin_controls, have_it_told_what_came_of_them) {
  tested.add({make("a"), make("b", []() -> std::string {
                throw std::runtime_error{"x"};
              })});
  texts told;
  const auto ended
    = [&](const control_result& result) { told.push_back(result.text); };
  tested.run("a", ended);
  tested.run("b", ended);
  tested.run("c", ended); // has not run
  EXPECT_EQ(told, (texts{"done", "x"}));
  // Who is told may not be up to it.
  EXPECT_EQ(said(tested.run("a", [](const auto&) { throw 42; })), "done");
}

TEST_F(admin_controls, run_one_at_a_time) {
  std::atomic<int> at_work = 0;
  std::atomic<int> runs = 0;
  tested.add({make("a", [&] {
    EXPECT_EQ(++at_work, 1);
    ++runs;
    std::this_thread::yield();
    --at_work;
    return std::string{};
  })});
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 50; ++n)
          tested.run("a");
      });
  }
  EXPECT_EQ(runs, 200);
}

TEST_F(admin_controls, are_taken_out_when_they_are_done) {
  auto run = start_hanging();
  auto clear = std::async(std::launch::async, [&] { tested.clear(); });
  EXPECT_EQ(clear.wait_for(20ms), std::future_status::timeout);
  EXPECT_EQ(tested.list().size(), 1u); // meanwhile one can look
  held.release();
  EXPECT_EQ(said(run.get()), "at last");
  clear.get();
  EXPECT_EQ(tested.run("hang").what, kind::unknown);
}

TEST_F(admin_controls, leave_nothing_behind_when_they_are_taken_out) {
  const auto kept = std::make_shared<int>();
  tested.add({make("a", [kept] { return std::string{}; })});
  for (int i = 0; i < 100; ++i) {
    tested.run("a");
    EXPECT_EQ(kept.use_count(), 2);
  }
  tested.clear();
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(admin_controls, may_take_themselves_out) {
  controls other{test::patience};
  tested.add({make("a", [&] {
    EXPECT_TRUE(tested.is_running_here());
    EXPECT_FALSE(other.is_running_here());
    tested.clear();
    return std::string{"gone"};
  })});
  EXPECT_EQ(said(tested.run("a")), "gone");
  EXPECT_EQ(tested.run("a").what, kind::unknown);
}

TEST_F(admin_controls, may_add_others) {
  tested.add({make("a", [&] {
    tested.add({make("b")});
    return std::string{};
  })});
  tested.run("a");
  EXPECT_EQ(said(tested.run("b")), "done");
}

// -- those that take long -----------------------------------------------------

TEST_F(impatient_admin_controls, go_on_when_nobody_waits_any_more) {
  std::promise<control_result> told;
  tested.add({make("hang", [door = held.door()] {
    (*door)();
    return std::string{"at last"};
  })});
  EXPECT_EQ(
    tested.run("hang", [&](const auto& result) { told.set_value(result); })
      .what,
    kind::running);
  held.release();
  EXPECT_EQ(said(told.get_future().get()), "at last");
}

TEST_F(impatient_admin_controls, keep_others_from_running_meanwhile) {
  auto hangs = start_hanging();
  EXPECT_EQ(hangs.get().what, kind::running);
  tested.add({make("other")});
  const auto got = tested.run("other");
  EXPECT_EQ(got.what, kind::busy);
  EXPECT_EQ(got.text, "the control hang is still running");
  held.release();
  tested.wait_again();
  EXPECT_EQ(said(tested.run("other")), "done");
}

TEST_F(admin_controls, let_go_of_who_waits) {
  auto runs = start_hanging();
  auto waits
    = std::async(std::launch::async, [&] { return tested.run("hang"); });
  EXPECT_EQ(runs.wait_for(20ms), std::future_status::timeout);
  EXPECT_EQ(waits.wait_for(0ms), std::future_status::timeout);
  tested.stop_waiting();
  EXPECT_EQ(runs.get().what, kind::running);
  EXPECT_EQ(waits.get().what, kind::busy);
}

TEST(admin_controls_in_a_hurry, are_waited_for_so_long_and_no_longer) {
  controls tested{1ms};
  test::hold held;
  tested.add({make("hang", [door = held.door()] {
    (*door)();
    return std::string{};
  })});
  EXPECT_EQ(tested.run("hang").what, kind::running);
  EXPECT_EQ(tested.run("hang").what, kind::busy);
  held.release();
}

} // namespace

} // namespace switchgear::admin
