#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conformance/statem_script.hpp"

namespace switchgear::conformance {

/// The two callback modules of a scenario, with all that they share.
class statem_modules {
public:
  using module = statem::callback_module<scripted>;
  using event = statem::event<scripted>;
  using transition = statem::transition<scripted>;

  /// @param trace is given each line that a callback writes.
  statem_modules(const statem_script& script,
                 std::function<void(std::string)> trace);

  ~statem_modules();

  module& a() noexcept;

  /// What `init` returns, if it is `ok`.
  transition init(time_point now);

  /// A call of that id reaches the machine as its next one.
  void add_caller(std::string id) {
    callers_.push_back(std::move(id));
  }

  const std::string& id_of(statem::caller who) const {
    return callers_.at(who.id - 1);
  }

  /// The type of an event, e.g. `call:ID` or `timeout:NAME`.
  std::string label(const event& ev) const;
  static std::string label(const statem::timer_key<scripted>& key);

  // -- callbacks --------------------------------------------------------------

  transition handle(const event& ev, char state, int& data,
                    const std::string& suffix);
  void terminate(const statem::exit_reason& why, char state, int data,
                 const std::string& suffix);
  bool code_change(char& state, int& data, const std::string& extra);

private:
  rule* find_rule(const event& ev, char state);
  transition carry_out(const transition_line& rule, const event& ev, int& data);
  transition result(const transition_line& rule, const event& ev, int& data);
  void add_actions(transition& to, const std::vector<action_line>& actions,
                   const event& ev);

  std::vector<rule> rules_;
  init_line init_;
  std::string on_code_change_;
  std::function<void(std::string)> trace_;
  std::unique_ptr<module> a_;
  std::unique_ptr<module> b_;
  int callbacks_ = 0;
  std::vector<std::string> callers_;              // by number of the call
  std::map<std::string, statem::caller> handled_; // calls, by id
};

} // namespace switchgear::conformance
