#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "switchgear/actor/inspect.hpp"

namespace docs {

/// Visits the fields of a type as its `inspect` overload names them, so that a
/// table made from it has all of them, in their order.
///
/// `Visit` is called as `visit(name, value)`.
template <class Visit>
class field_list {
public:
  explicit field_list(Visit visit) : visit_(std::move(visit)) {
    // nop
  }

  template <class T>
  field_list& object(T&) {
    return *this;
  }

  template <class T>
  struct named {
    std::string_view name;
    T& value;
  };

  template <class T>
  named<T> field(std::string_view name, T& value) {
    return {name, value};
  }

  template <class... Ts>
  bool fields(named<Ts>... all) {
    (visit_(all.name, all.value), ...);
    return true;
  }

private:
  Visit visit_;
};

/// Calls `visit(name, value)` for each field of `x`.
template <class T, class Visit>
void for_each_field(T& x, Visit visit) {
  field_list<Visit> list{std::move(visit)};
  inspect(list, x);
}

} // namespace docs
