#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <curl/curl.h>
#include <httplib.h>

namespace switchgear::test {

/// A server on loopback, which listens as long as the object is there.
class site {
public:
  httplib::Server routes;

  site() : port_(routes.bind_to_any_port("127.0.0.1")) {
    if (port_ < 0)
      throw std::runtime_error{"no free port on 127.0.0.1"};
  }

  site(const site&) = delete;
  site& operator=(const site&) = delete;

  ~site() {
    routes.stop();
  }

  /// Once the routes are there.
  void listen() {
    listener_ = std::jthread{[this] { routes.listen_after_bind(); }};
    while (!routes.is_running())
      std::this_thread::yield();
  }

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

private:
  int port_;
  std::jthread listener_;
};

/// What a client of libcurl's got.
struct fetched {
  CURLcode code = CURLE_OK;
  long status = 0;
  std::string headers;
  std::string body;
};

/// @param most gives up after so many bytes of the body
/// @param post is sent as the body of a POST; null: it is a GET
inline fetched fetch(const std::string& url, std::size_t most = 1'000'000,
                     const std::string* post = nullptr, bool head = false) {
  struct sink {
    fetched got;
    std::size_t most;
  } to{{}, most};
  const std::unique_ptr<CURL, void (*)(CURL*)> easy{curl_easy_init(),
                                                    curl_easy_cleanup};
  auto* handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, 20L);
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  if (head)
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  if (post) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, post->data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE,
                     static_cast<long>(post->size()));
  }
  using write = std::size_t (*)(char*, std::size_t, std::size_t, void*);
  const write add_header
    = [](char* data, std::size_t, std::size_t size, void* into) {
        static_cast<sink*>(into)->got.headers.append(data, size);
        return size;
      };
  const write add_body
    = [](char* data, std::size_t, std::size_t size, void* into) {
        auto& s = *static_cast<sink*>(into);
        s.got.body.append(data, size);
        return s.got.body.size() > s.most ? 0 : size;
      };
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, add_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &to);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, add_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &to);
  to.got.code = curl_easy_perform(handle);
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &to.got.status);
  return to.got;
}

} // namespace switchgear::test
