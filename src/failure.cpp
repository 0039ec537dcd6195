#include "switchgear/failure.hpp"

#include <typeinfo>

#include <cxxabi.h>

#include "switchgear/detail/type_name.hpp"

namespace switchgear {

failure failure::from_exception(std::exception_ptr cause) {
  failure result{errc::operation_failed, {}, cause};
  auto& text = result.message_;
  try {
    std::rethrow_exception(std::move(cause));
  } catch (const std::exception& ex) {
    result.type_ = detail::type_name(typeid(ex));
    text = std::string{result.type_} + ": " + ex.what();
  } catch (const std::string& thrown) {
    result.type_ = "std::string";
    text = thrown;
  } catch (const char* thrown) {
    result.type_ = "const char*";
    text = thrown;
  } catch (...) {
    const auto* type = abi::__cxa_current_exception_type();
    result.type_ = type ? detail::type_name(*type) : "unknown exception";
    text = result.type_;
  }
  return result;
}

std::string failure::to_string() const {
  std::string result{switchgear::to_string(code_)};
  if (!message_.empty())
    result += ": " + message_;
  return result;
}

} // namespace switchgear
