#include "admin/controls.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>
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

TEST(admin_controls, run) {
  controls tested;
  int runs = 0;
  tested.add({make("a", [&] { return std::to_string(++runs); }), make("b")});
  EXPECT_EQ(tested.run("a"), "1");
  EXPECT_EQ(tested.run("a"), "2");
  EXPECT_EQ(tested.run("b"), "done");
  EXPECT_EQ(tested.run("c"), std::nullopt);
  EXPECT_EQ(tested.find("b")->id, "b");
  EXPECT_FALSE(tested.find("B"));
  EXPECT_FALSE(tested.is_running_here());
}

TEST(admin_controls, are_listed) {
  controls tested;
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

TEST(admin_controls, are_listed_though_one_does_not_know_how_it_is) {
  controls tested;
  auto broken = make("broken");
  broken.active = []() -> bool { throw 42; };
  auto fine = make("fine");
  fine.active = [] { return true; };
  tested.add({broken, fine});
  EXPECT_EQ(tested.list()[0]["active"], nullptr);
  EXPECT_EQ(tested.list()[1]["active"], true);
}

TEST(admin_controls, are_refused_if_they_cannot_be) {
  controls tested;
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

TEST(admin_controls, may_throw) {
  controls tested;
  tested.add(
    {make("a", []() -> std::string { throw std::runtime_error{"x"}; })});
  EXPECT_THROW(tested.run("a"), std::runtime_error);
  EXPECT_FALSE(tested.is_running_here());
  EXPECT_THROW(tested.run("a"), std::runtime_error); // not locked
  tested.clear();
  EXPECT_EQ(tested.run("a"), std::nullopt);
}

TEST(admin_controls, run_one_at_a_time) {
  controls tested;
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

TEST(admin_controls, are_taken_out_when_they_are_done) {
  controls tested;
  test::hold held;
  tested.add({make("a", [door = held.door()] {
    (*door)();
    return std::string{"done"};
  })});
  auto run = std::async(std::launch::async, [&] { return tested.run("a"); });
  ASSERT_TRUE(held.await_arrivals(1));
  auto clear = std::async(std::launch::async, [&] { tested.clear(); });
  EXPECT_EQ(clear.wait_for(20ms), std::future_status::timeout);
  EXPECT_EQ(tested.list().size(), 1u); // meanwhile one can look
  held.release();
  EXPECT_EQ(run.get(), "done");
  clear.get();
  EXPECT_EQ(tested.run("a"), std::nullopt);
}

TEST(admin_controls, may_take_themselves_out) {
  controls tested;
  controls other;
  tested.add({make("a", [&] {
    EXPECT_TRUE(tested.is_running_here());
    EXPECT_FALSE(other.is_running_here());
    tested.clear();
    return std::string{"gone"};
  })});
  EXPECT_EQ(tested.run("a"), "gone");
  EXPECT_EQ(tested.run("a"), std::nullopt);
}

TEST(admin_controls, may_add_others) {
  controls tested;
  tested.add({make("a", [&] {
    tested.add({make("b")});
    return std::string{};
  })});
  tested.run("a");
  EXPECT_EQ(tested.run("b"), "done");
}

} // namespace

} // namespace switchgear::admin
