#include "switchgear/failure.hpp"

#include <cstdlib>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>

namespace switchgear {

namespace {

std::string type_name(const std::type_info& type) {
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> name{
    abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free};
  return name ? name.get() : type.name();
}

} // namespace

failure failure::from_exception(std::exception_ptr cause) {
  std::string text;
  try {
    std::rethrow_exception(cause);
  } catch (const std::exception& ex) {
    text = type_name(typeid(ex)) + ": " + ex.what();
  } catch (const std::string& thrown) {
    text = thrown;
  } catch (const char* thrown) {
    text = thrown;
  } catch (...) {
    const auto* type = abi::__cxa_current_exception_type();
    text = type ? type_name(*type) : "unknown exception";
  }
  return {errc::operation_failed, std::move(text), std::move(cause)};
}

std::string failure::to_string() const {
  std::string result{switchgear::to_string(code_)};
  if (!message_.empty())
    result += ": " + message_;
  return result;
}

} // namespace switchgear
