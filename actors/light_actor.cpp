#include "light_actor.hpp"

#if CAF_MAJOR_VERSION < 1

#  include <string>
#  include <typeinfo>

#  include <caf/actor_registry.hpp>
#  include <caf/detail/default_invoke_result_visitor.hpp>
#  include <caf/detail/pretty_type_name.hpp>
#  include <caf/detail/sync_request_bouncer.hpp>
#  include <caf/execution_unit.hpp>
#  include <caf/scheduler/abstract_coordinator.hpp>
#  include <caf/sec.hpp>
#  include <caf/system_messages.hpp>
#  include <caf/telemetry/timer.hpp>
#  include <caf/typed_message_view.hpp>

#  include "log.hpp"

namespace switchgear::actor {

namespace {

caf::error fault(const char* actor, const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& ex) {
    log::error(std::string{actor} + ": unhandled exception: " + ex.what());
    return caf::make_error(caf::sec::runtime_error,
                           caf::detail::pretty_type_name(typeid(ex)),
                           ex.what());
  } catch (...) {
    log::error(std::string{actor} + ": unhandled exception");
    return caf::make_error(caf::sec::runtime_error);
  }
}

} // namespace

void light_actor::line::push(caf::mailbox_element* x) noexcept {
  x->next = nullptr;
  if (first)
    last->next = x;
  else
    first = x;
  last = x;
}

caf::mailbox_element_ptr light_actor::line::pop() noexcept {
  auto* x = first;
  if (x)
    first = static_cast<caf::mailbox_element*>(x->next);
  return caf::mailbox_element_ptr{x};
}

light_actor::light_actor(caf::actor_config& cfg) : extended_base(cfg) {
  // nop
}

light_actor::~light_actor() {
  // nop
}

void light_actor::quit(caf::error why) {
  if (getf(is_shutting_down_flag))
    return;
  setf(is_shutting_down_flag);
  fail_state_ = std::move(why);
}

caf::disposable light_actor::schedule(caf::actor_clock::time_point at,
                                      caf::action what) {
  caf::strong_actor_ptr me{ctrl()};
  auto* where = timers();
  if (!where)
    return clock().schedule(at, std::move(what), std::move(me));
  auto result = what.as_disposable();
  where->schedule(at, std::move(what), std::move(me));
  return result;
}

// -- what CAF calls -----------------------------------------------------------

bool light_actor::enqueue(caf::mailbox_element_ptr what,
                          caf::execution_unit* on) {
  // Once it is in the inbox the message may be gone at any time.
  const auto id = what->mid;
  const auto source = what->sender;
  const bool measured = getf(collects_metrics_flag);
  if (measured) {
    what->set_enqueue_time();
    metrics_.mailbox_size->inc();
  }
  switch (inbox_.push_front(std::move(what))) {
    case caf::intrusive::inbox_result::unblocked_reader:
      intrusive_ptr_add_ref(ctrl()); // for the scheduler
      if (on)
        on->exec_later(this);
      else
        home_system().scheduler().enqueue(this);
      return true;
    case caf::intrusive::inbox_result::queue_closed:
      home_system().base_metrics().rejected_messages->inc();
      if (measured)
        metrics_.mailbox_size->dec();
      if (id.is_request())
        caf::detail::sync_request_bouncer{caf::error{}}(source, id);
      return false;
    default:
      return true;
  }
}

void light_actor::launch(caf::execution_unit* on, bool lazy, bool hide) {
  if (!hide)
    register_at_system();
  if (lazy && inbox_.try_block())
    return;
  intrusive_ptr_add_ref(ctrl()); // for the scheduler
  on->exec_later(this);
}

auto light_actor::resume(caf::execution_unit* on, std::size_t most)
  -> resume_result {
  context(on);
  if (getf(is_cleaned_up_flag))
    return done;
  if (!getf(is_initialized_flag)) {
    setf(is_initialized_flag);
    guarded([this] { started(); });
    if (finish())
      return done;
  }
  for (std::size_t handled = 0; handled < most;) {
    if (auto x = next()) {
      handle(*x);
      ++handled;
      if (finish())
        return done;
    } else if (inbox_.try_block()) {
      return awaiting_message;
    }
  }
  return resume_later;
}

bool light_actor::cleanup(caf::error&& why, caf::execution_unit* on) {
  handlers_ = caf::behavior{};
  if (!inbox_.closed()) {
    const caf::detail::sync_request_bouncer bounce{why};
    const auto drop = [&](caf::mailbox_element* x) {
      const caf::mailbox_element_ptr owned{x};
      if (getf(collects_metrics_flag))
        metrics_.mailbox_size->dec();
      bounce(*x);
    };
    inbox_.close(drop);
    for (auto* each : {&urgent_, &normal_})
      while (auto x = each->pop())
        drop(x.release());
  }
  return extended_base::cleanup(std::move(why), on);
}

void light_actor::intrusive_ptr_add_ref_impl() {
  intrusive_ptr_add_ref(ctrl());
}

void light_actor::intrusive_ptr_release_impl() {
  intrusive_ptr_release(ctrl());
}

caf::mailbox_element* light_actor::peek_at_next_mailbox_element() {
  return urgent_.first ? urgent_.first : normal_.first;
}

// -- messages -----------------------------------------------------------------

template <class F>
void light_actor::guarded(F f) {
  try {
    f();
  } catch (...) {
    auto why = fault(name(), std::current_exception());
    auto answer = why;
    respond(answer); // who asks must not wait for ever
    quit(std::move(why));
  }
}

caf::mailbox_element_ptr light_actor::next() noexcept {
  // The inbox is a stack, the newest message on top: turned around, then stood
  // in line.
  caf::mailbox_element* oldest = nullptr;
  for (auto* x = inbox_.take_head(); x;) {
    auto* under = static_cast<caf::mailbox_element*>(x->next);
    x->next = oldest;
    oldest = std::exchange(x, under);
  }
  while (oldest) {
    auto* x
      = std::exchange(oldest, static_cast<caf::mailbox_element*>(oldest->next));
    (x->is_high_priority() ? urgent_ : normal_).push(x);
  }
  return urgent_.first ? urgent_.pop() : normal_.pop();
}

void light_actor::handle(caf::mailbox_element& x) {
  const bool measured = getf(collects_metrics_flag);
  const auto began = measured ? std::chrono::steady_clock::now()
                              : std::chrono::steady_clock::time_point{};
  current_mailbox_element(&x);
  guarded([&] { dispatch(x); });
  current_mailbox_element(nullptr);
  if (!measured)
    return;
  caf::telemetry::timer::observe(metrics_.processing_time, began);
  metrics_.mailbox_time->observe(x.seconds_until(began));
  metrics_.mailbox_size->dec();
}

void light_actor::dispatch(caf::mailbox_element& x) {
  if (x.mid.is_response() || dispatch_to_system(x.content()))
    return; // it has asked nobody
  caf::detail::default_invoke_result_visitor<light_actor> answer{this};
  if (!handlers_)
    handlers_ = make_handlers();
  if (handlers_(answer, x.content()))
    return;
  auto unknown = caf::make_error(caf::sec::unexpected_message);
  answer(unknown);
}

bool light_actor::dispatch_to_system(caf::message& content) {
  if (auto exit = caf::make_typed_message_view<caf::exit_msg>(content)) {
    auto& what = caf::get<0>(exit);
    unlink_from(what.source);
    if (what.reason == caf::exit_reason::kill)
      quit(std::move(what.reason));
    else
      handle_exit(what);
  } else if (auto act = caf::make_typed_message_view<caf::action>(content)) {
    caf::get<0>(act).run();
  } else if (auto why = caf::make_typed_message_view<caf::error>(content)) {
    quit(std::move(caf::get<0>(why)));
  } else if (content
               .match_elements<caf::sys_atom, caf::get_atom, std::string>()) {
    auto promise = make_response_promise();
    if (content.get_as<std::string>(2) == "info")
      promise.deliver(caf::ok_atom_v, std::string{"info"},
                      caf::strong_actor_ptr{ctrl()}, std::string{name()});
    else
      promise.deliver(caf::make_error(caf::sec::unsupported_sys_key));
  } else {
    return content.match_elements<caf::down_msg>()
           || content.match_elements<caf::node_down_msg>();
  }
  return true;
}

bool light_actor::finish() {
  if (getf(is_cleaned_up_flag))
    return true;
  if (!getf(is_shutting_down_flag))
    return false;
  on_exit();
  cleanup(std::move(fail_state_), context());
  return true;
}

} // namespace switchgear::actor

#endif
