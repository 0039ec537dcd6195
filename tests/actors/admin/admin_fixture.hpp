#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include <httplib.h>

#include <nlohmann/json.hpp>

#include "support/environment.hpp"
#include "support/eventually.hpp"
#include "switchgear/admin.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::test {

using nlohmann::json;

inline const std::string secret = "0123456789abcdef";

inline admin_options options() {
  admin_options result;
  result.port = 0;
  result.token = secret;
  return result;
}

inline runtime_options with_admin() {
  runtime_options result;
  result.admin = options();
  return result;
}

/// A status and a body.
struct answer {
  int status = 0; ///< 0: there was none.
  json body;
};

inline answer parsed(const httplib::Result& got) {
  if (!got)
    return {};
  return {got->status, json::parse(got->body, nullptr, false)};
}

class client {
public:
  explicit client(const admin_server& where) : port_(where.port()) {
    // nop
  }

  answer get(const std::string& path) const {
    auto http = connect();
    return parsed(http.Get(path));
  }

  answer post(const std::string& path) const {
    auto http = connect();
    return parsed(http.Post(path));
  }

private:
  httplib::Client connect() const {
    httplib::Client result{"127.0.0.1", port_};
    result.set_bearer_token_auth(secret);
    result.set_read_timeout(patience);
    return result;
  }

  std::uint16_t port_;
};

inline admin_control control(std::string id, std::function<std::string()> run) {
  admin_control result;
  result.id = std::move(id);
  result.run = std::move(run);
  return result;
}

/// A program with an admin server, whatever the environment says.
class admin_fixture : public testing::Test {
protected:
  variable no_token{"SWITCHGEAR_ADMIN_TOKEN", ""};
};

} // namespace switchgear::test
