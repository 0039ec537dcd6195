#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

class runtime;

/// Something that an operator can do to the program beside its breakers, e.g.
/// to a service that one of them stands before. The page shows it as a button.
struct admin_control {
  /// In the URL, `POST /api/controls/ID`; unlike all others. 1 to 255 letters,
  /// digits and `-._~`.
  std::string id;
  /// The breaker with which it is shown; empty: with none.
  std::string tool;
  /// Controls of one group stand together, and are choices if they say whether
  /// they are `active`.
  std::string group;
  /// What stands on the button.
  std::string label;
  /// What it does, in a sentence.
  std::string description;
  /// Does it and says what was done. Called on a thread that the admin server
  /// has for controls, one control at a time; the request waits for it, but no
  /// longer than `admin_options::control_patience`. What it throws is told. The
  /// server's end waits for it, so it must not stop the server, nor shut the
  /// runtime down. It can have another thread do so.
  std::function<std::string()> run;
  /// Whether this is how things are; may be empty. Must not block.
  std::function<bool()> active;
};

/// How breakers are looked at and changed from outside.
struct admin_options {
  /// An IPv4 or IPv6 address of this machine, in numbers. One that others can
  /// reach needs a token. Default: nobody else can.
  std::string address = "127.0.0.1";

  /// 0: one that is free; `admin_server::port` tells which.
  std::uint16_t port = 9464;

  /// What a request must bring to change anything, as `Authorization: Bearer
  /// TOKEN`. 16 to 255 letters, digits and `-._~+/=`. Without one, and without
  /// those of `token_file`, the environment variable `SWITCHGEAR_ADMIN_TOKEN`
  /// is looked at; if that is not set either, nothing can be changed.
  std::string token;

  /// A file of tokens, one a line, each after the name of who has it: `alice:
  /// TOKEN`. The name, by default `operator`, is in the log of changes. Empty
  /// lines, and those that begin with `#`, are skipped.
  std::string token_file;

  /// Host names by which browsers reach it. Its address and `localhost` need
  /// not be named. Others are refused, so that no page elsewhere can make a
  /// name of its own lead here.
  std::vector<std::string> hosts;

  /// What the page calls the program.
  std::string title = "switchgear";

  /// How much of the past each breaker's timeline shows. It is kept in steps of
  /// a second, 32 bytes for each in which something happened. 0 to 1 h.
  duration history = std::chrono::minutes{3};

  /// Events that are kept for those who come later or were away: so many of
  /// calls, and as many changes. 100 to 1,000,000.
  std::size_t events = 5000;

  /// How long a request waits for a control. Then it is told that the control
  /// is still running (202), or, if it waited for another one to end, that it
  /// is not to be (503). 1 ms to 30 s.
  duration control_patience = std::chrono::seconds{10};

  /// Requests that are answered at the same time, beside those for `/health`,
  /// for `/metrics` and for controls, which never wait for these. 1 to 64.
  std::size_t threads = 4;

  /// Clients that are connected at the same time, and that follow events. 16 to
  /// 10,000, and 1 to `connections` less 8.
  std::size_t connections = 1000;
  std::size_t streams = 64;
};

/// All that is wrong with `options`. Files and the environment are not looked
/// at.
std::vector<config_error> validate(const admin_options& options);

/// Reads `ADDRESS:PORT`, `[ADDRESS]:PORT` or `PORT` into `options`.
/// @throws setup_error if it is none of these
void set_listen_address(admin_options& options, const std::string& text);

/// Shows a runtime's breakers, and lets operators change them: a page for
/// browsers, a JSON API (described at `/api/openapi.json`), events as they
/// happen, `/health` and `/metrics`. An actor serves, and is restarted should
/// it die; clients wait that long.
///
/// Reading is open to whoever can connect. Changing anything needs a token.
/// Changes are logged with who and what.
///
/// @note Thread-safe.
class admin_server {
public:
  /// Serves from now on. `runtime_options::admin` does the same.
  /// @param of must outlive this
  /// @throws setup_error if options are not allowed, a token cannot be read, or
  ///         the port is in use
  explicit admin_server(runtime& of, admin_options options = {});

  admin_server(const admin_server&) = delete;
  admin_server& operator=(const admin_server&) = delete;

  /// As `stop`.
  ~admin_server();

  /// Where it serves.
  std::uint16_t port() const noexcept;

  /// `http://127.0.0.1:9464/`
  std::string url() const;

  /// Whether there is a token, without which nothing can be changed.
  bool writable() const noexcept;

  /// Adds controls.
  /// @throws setup_error if one cannot be: no id, one that is known, no `run`
  void add(std::vector<admin_control> controls);

  /// Takes all controls out. Waits for one that runs, unless that is who asks.
  void remove_controls();

  /// Kills the actor that serves, without giving it a chance to say goodbye.
  /// Another one takes over. For tests and demonstrations.
  void kill();

  /// Serves no more. Waits for requests under way.
  /// @throws std::logic_error if one of its own controls asks
  void stop();

private:
  class impl;

  std::unique_ptr<impl> impl_;
};

} // namespace switchgear
