// A language model that answers word by word, breaks off, and is left alone
// until it can be asked again. The words that came are not lost.

#include "switchgear/integrations/llm_client.hpp"
#include "switchgear/switchgear.hpp"

#include <atomic>
#include <iostream>
#include <thread>

#include <httplib.h>

int main() {
  std::atomic<bool> breaks_off = false;
  httplib::Server model;
  model.Post("/v1/chat/completions", [&](const httplib::Request&,
                                         httplib::Response& to) {
    to.set_chunked_content_provider(
      "text/event-stream", [&](std::size_t, httplib::DataSink& out) {
        for (const std::string word : {"Tea", " is", " a", " drink."}) {
          const auto event = R"(data: {"choices":[{"delta":{"content":")" + word
                             + "\"}}]}\n\n";
          out.write(event.data(), event.size());
          if (breaks_off && word == " is")
            return false; // closes the connection
        }
        out.write("data: [DONE]\n\n", 14);
        out.done();
        return true;
      });
  });
  const auto port = model.bind_to_any_port("127.0.0.1");
  std::thread serving{[&] { model.listen_after_bind(); }};
  {
    switchgear::runtime rt;
    switchgear::llm_client_options options;
    options.url
      = "http://127.0.0.1:" + std::to_string(port) + "/v1/chat/completions";
    options.model = "tea-expert";
    options.proxy = ""; // none, whatever the environment says
    auto cfg = switchgear::presets::llm_service();
    const switchgear::llm_client expert{rt.breaker("model", cfg), options};

    for (int i = 0; i < 5; ++i) {
      breaks_off = i > 0;
      const auto got = expert.complete("What is tea?", [](std::string_view w) {
        std::cout << w << '|'; // as it comes
        return true;
      });
      if (got)
        std::cout << " whole: " << got->text << '\n';
      else if (const auto* error = llm_error_of(got.error()))
        std::cout << " broken off after: " << error->partial().text << '\n';
      else
        std::cout << got.error().to_string() << '\n';
    }
  }
  model.stop();
  serving.join();
}
