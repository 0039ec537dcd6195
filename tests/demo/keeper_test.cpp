#include "keeper.hpp"

#include <curl/curl.h>
#include <gmock/gmock.h>

#include <csignal>
#include <optional>

#include "controls.hpp"
#include "http_client.hpp"

namespace demo {

namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

using namespace std::chrono_literals;

const std::string token = "0123456789abcdef";

switchgear::admin_options some_page() {
  switchgear::admin_options result;
  result.port = 0;
  result.token = token;
  return result;
}

struct keepers : ::testing::Test {
  keepers() {
    std::signal(SIGPIPE, SIG_IGN);
  }

  const tool_view& seen(std::size_t tool) {
    shown_ = tools.latest();
    return shown_->tools.at(tool);
  }

  std::vector<std::string> noted() const {
    std::vector<std::string> result;
    for (const auto& each : tools.latest()->log)
      result.push_back(each.tool + ": " + each.text);
    return result;
  }

  http_library http;
  switchgear::runtime system{quiet()};
  keeper tools{system};

private:
  static switchgear::runtime_options quiet() {
    switchgear::runtime_options result;
    result.telemetry.log = switchgear::telemetry_options::log_use::never;
    return result;
  }

  std::shared_ptr<const screen> shown_;
};

TEST_F(keepers, show_what_they_did) {
  EXPECT_THAT(tools.names(),
              ElementsAre("database", "payments", "search", "llm"));
  EXPECT_EQ(seen(0).service, condition::healthy);
  std::string done;
  tools.run([&](fleet& all) { done = all.execute({action::kill, 0}); });
  EXPECT_EQ(done, "database: service is killed");
  EXPECT_EQ(seen(0).service, condition::dead);
  EXPECT_EQ(seen(1).service, condition::healthy);
  EXPECT_THAT(tools.call(0).text, HasSubstr("failed: connection refused"));
  EXPECT_THAT(tools.call(1).text, HasSubstr("ok 10"));
}

TEST_F(keepers, do_all_on_one_thread) {
  std::vector<std::thread::id> where(3);
  tools.post([&](fleet&) { where[0] = std::this_thread::get_id(); });
  for (std::size_t i : {1u, 2u})
    std::thread{[&, i] {
      tools.run([&](fleet&) { where[i] = std::this_thread::get_id(); });
    }}.join();
  EXPECT_NE(where[0], std::this_thread::get_id());
  EXPECT_THAT(where, ::testing::Each(where[0]));
}

TEST_F(keepers, tell_what_went_wrong_and_go_on) {
  EXPECT_THAT(
    [&] { tools.run([](fleet&) { throw std::runtime_error{"too bad"}; }); },
    ThrowsMessage<std::runtime_error>("too bad"));
  tools.post([](fleet&) { throw std::runtime_error{"nobody hears"}; });
  bool done = false;
  tools.run([&](fleet&) { done = true; });
  EXPECT_TRUE(done);
}

TEST_F(keepers, end_without_what_has_not_begun) {
  std::promise<void> begun;
  std::promise<void> go_on;
  tools.post([&](fleet&) {
    begun.set_value();
    go_on.get_future().wait();
  });
  begun.get_future().wait();
  std::promise<void> waits;
  auto late = std::async(std::launch::async, [&] {
    waits.set_value();
    tools.run([](fleet&) { FAIL() << "begun after the end"; });
  });
  waits.get_future().wait();
  tools.close();
  EXPECT_THAT([&] { late.get(); },
              ThrowsMessage<std::runtime_error>("the demo ends"));
  tools.post([](fleet&) { FAIL() << "begun after the end"; });
  EXPECT_THAT([&] { tools.run([](fleet&) {}); },
              ThrowsMessage<std::runtime_error>("the demo ends"));
  go_on.set_value();
}

TEST_F(keepers, have_traffic_where_the_page_breaks_something) {
  std::string done;
  const auto ask = [&](action what) {
    tools.run([&](fleet& all) { done = all.execute_for_page(what, 2); });
    return done;
  };
  EXPECT_EQ(ask(action::errors), "service answers HTTP 500, steady traffic");
  EXPECT_TRUE(seen(2).traffic);
  EXPECT_EQ(ask(action::kill), "service is killed");
  EXPECT_TRUE(seen(2).traffic);
  EXPECT_EQ(ask(action::traffic), "no more traffic");
  EXPECT_FALSE(seen(2).traffic);
  EXPECT_EQ(ask(action::heal), "service is healthy");
  EXPECT_FALSE(seen(2).traffic);
  auto notes = noted();
  std::erase_if(
    notes, [](const auto& each) { return each.find(": page: ") == each.npos; });
  EXPECT_THAT(notes, ElementsAre("search: page: service answers HTTP 500",
                                 "search: page: steady traffic",
                                 "search: page: service is killed",
                                 "search: page: no more traffic",
                                 "search: page: service is healthy"));
}

TEST_F(keepers, have_faults_where_the_page_wants_some) {
  using switchgear::chaos::fault;
  std::string done;
  const auto ask = [&](fault what) {
    tools.run([&](fleet& all) { done = all.execute_for_page(what, 0); });
    return done;
  };
  EXPECT_THAT(seen(0).chaos, ElementsAre());
  EXPECT_EQ(ask(fault::hang), "chaos: hangs for 10 s, steady traffic");
  EXPECT_EQ(ask(fault::error), "chaos: errors for 10 s");
  EXPECT_THAT(seen(0).chaos, ElementsAre(fault::error, fault::hang));
  EXPECT_THAT(seen(1).chaos, ElementsAre());
  EXPECT_EQ(ask(fault::hang), "no more chaos: hangs");
  EXPECT_THAT(seen(0).chaos, ElementsAre(fault::error));
  EXPECT_THAT(noted(), Contains("database: page: no more chaos: hangs"));
}

TEST_F(keepers, have_calls_fail_that_never_reach_the_service) {
  std::string done;
  tools.run([&](fleet& all) {
    done = all.execute(
      chaos_order{switchgear::chaos::fault::error, std::nullopt, 600s});
  });
  EXPECT_THAT(done, HasSubstr("database: chaos: errors for 600 s\n"));
  EXPECT_THAT(done, HasSubstr("llm: chaos: errors for 600 s"));
  std::vector<std::string> fates;
  for (int i = 0; i < 20; ++i)
    fates.push_back(tools.call(2).text);
  EXPECT_THAT(fates, Contains(HasSubstr("failed: chaos: search fails")));
  EXPECT_EQ(seen(2).service, condition::healthy);
}

/// Has a control run as the page does.
std::string run_control(const switchgear::admin_server& page,
                        const std::string& id) {
  std::string answer;
  auto* request = curl_easy_init();
  auto* headers
    = curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str());
  curl_easy_setopt(request, CURLOPT_URL,
                   (page.url() + "api/controls/" + id).c_str());
  curl_easy_setopt(request, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(request, CURLOPT_POSTFIELDS, "");
  curl_easy_setopt(request, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(
    request, CURLOPT_WRITEFUNCTION,
    +[](const char* data, std::size_t, std::size_t size, std::string* to) {
      to->append(data, size);
      return size;
    });
  curl_easy_perform(request);
  curl_slist_free_all(headers);
  curl_easy_cleanup(request);
  return answer;
}

TEST_F(keepers, have_nobody_wait_at_the_end) {
  switchgear::admin_server page{system, some_page()};
  std::optional<page_controls> buttons{std::in_place, page, tools};
  std::promise<void> begun;
  std::promise<void> go_on;
  tools.post([&](fleet&) {
    begun.set_value();
    go_on.get_future().wait();
  });
  begun.get_future().wait();
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 3; ++i)
    answers.push_back(std::async(
      std::launch::async, [&] { return run_control(page, "llm.kill"); }));
  // Those that have not come that far find no control any more.
  buttons.reset();
  for (auto& each : answers)
    EXPECT_THAT(each.get(),
                AnyOf(HasSubstr("the demo ends"), HasSubstr("not_found")));
  go_on.set_value();
}

// What the server does with controls is tested with the server.
TEST_F(keepers, give_their_controls_to_the_page) {
  switchgear::admin_server page{system, some_page()};
  const auto info = [&] {
    return http_get(page.url() + "api/info", 10s).value_or("no answer");
  };
  {
    page_controls buttons{page, tools};
    for (const auto& name : tools.names())
      for (const auto* what :
           {"healthy", "errors", "hang", "pause", "kill", "traffic",
            "chaos_latency", "chaos_errors", "chaos_hangs"})
        EXPECT_THAT(info(), HasSubstr('"' + name + '.' + what + '"'));
  }
  EXPECT_THAT(info(), HasSubstr("\"controls\":[]"));
  EXPECT_THAT([&] { tools.run([](fleet&) {}); },
              ThrowsMessage<std::runtime_error>("the demo ends"));
}

} // namespace

} // namespace demo
