#include "switchgear/detail/type_name.hpp"

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <typeinfo>

#include <cxxabi.h>

namespace switchgear::detail {

namespace {

// More types than a program throws; whoever makes up new ones without end must
// not fill the memory.
constexpr std::size_t most_names = 4096;

std::string demangle(const char* mangled) {
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> name{
    abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free};
  return name ? name.get() : mangled;
}

// As people write it: the library spells out what an alias stands for.
std::string with_aliases(std::string name) {
  static const auto spelt_out = demangle(typeid(std::string).name());
  for (auto i = name.find(spelt_out); i != name.npos; i = name.find(spelt_out))
    name.replace(i, spelt_out.size(), "std::string");
  return name;
}

struct name {
  const char* mangled;
  const char* readable;
};

// Names are never destroyed: other threads may still use them at the very end.
name look_up(const char* mangled) {
  static auto& mutex = *new std::mutex;
  static auto& known = *new std::map<std::string, std::string, std::less<>>;
  std::lock_guard guard{mutex};
  auto i = known.find(std::string_view{mangled});
  if (i == known.end()) {
    if (known.size() == most_names)
      return {"", "another type"};
    i = known.emplace(mangled, with_aliases(demangle(mangled))).first;
  }
  return {i->first.c_str(), i->second.c_str()};
}

} // namespace

const char* type_name(const std::type_info& type) {
  // One kind of error is seldom alone. Names are compared as texts, for a
  // library that is loaded in place of another may have its types there.
  thread_local constinit name last{"", ""};
  const auto* mangled = type.name();
  if (std::strcmp(mangled, last.mangled) != 0)
    last = look_up(mangled);
  return last.readable;
}

} // namespace switchgear::detail
