#pragma once

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/server.hpp"
#include "support/raw_client.hpp"

namespace switchgear::http {

inline const std::string get = "GET / HTTP/1.1\r\n\r\n";

inline response text(std::string body, int status = 200) {
  response result;
  result.status = status;
  result.body = std::move(body);
  result.content_type = "text/plain";
  return result;
}

inline response refusal(int status, const std::string& why) {
  return text("refused: " + why, status);
}

/// Tells what it is given.
class talk final : public event_source {
public:
  std::string next(time_point, std::size_t most) override {
    std::lock_guard guard{mutex_};
    ++asked_;
    if (broken_)
      throw std::runtime_error{"out of words"};
    if (endless_)
      return std::string(most, 'x');
    return std::exchange(text_, {});
  }

  void add(const std::string& more) {
    std::lock_guard guard{mutex_};
    text_ += more;
  }

  void make_endless() {
    std::lock_guard guard{mutex_};
    endless_ = true;
  }

  void break_it() {
    std::lock_guard guard{mutex_};
    broken_ = true;
  }

  int asked() {
    std::lock_guard guard{mutex_};
    return asked_;
  }

private:
  std::mutex mutex_;
  std::string text_;
  bool endless_ = false;
  bool broken_ = false;
  int asked_ = 0;
};

class http_server : public testing::Test {
protected:
  void start(engine::handler handle, server_options how = {},
             engine::error_handler refuse = refusal) {
    tested.emplace(where, std::move(how), std::move(handle), std::move(refuse),
                   [this](const std::string& why) { fault.set_value(why); });
  }

  /// What comes back to some bytes.
  std::string ask(const std::string& bytes = get) {
    test::raw_client client{where.port()};
    EXPECT_TRUE(client.say(bytes));
    return client.hear_all();
  }

  std::promise<std::string> fault;
  listening_socket where{"127.0.0.1", 0};
  std::optional<server> tested;
};

} // namespace switchgear::http
