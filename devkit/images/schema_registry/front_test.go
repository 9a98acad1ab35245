package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// registry answers like an Apicurio that has one schema, known, with the id 7.
func registry(t *testing.T) *url.URL {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == http.MethodPost && string(body) != "known":
			w.WriteHeader(http.StatusNotFound)
		case r.URL.Path == api+"/subjects/s":
			_, _ = io.WriteString(w, `{"subject":"s","id":7}`)
		default:
			_, _ = io.WriteString(w, r.Method+" "+r.URL.Path)
		}
	}))
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func ask(handler http.Handler, method, path, body string) (int, string) {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(method, path, strings.NewReader(body)))
	return answer.Code, strings.TrimSpace(answer.Body.String())
}

func TestTheAPIIsAtTheRootPath(t *testing.T) {
	code, body := ask(front(registry(t), settings{writes: true}), "PUT", "/config", "")
	if code != http.StatusOK || body != "PUT "+api+"/config" {
		t.Fatal(code, body)
	}
}

func TestAServerThatMayNotWriteRefuses(t *testing.T) {
	reader := front(registry(t), settings{})
	for _, c := range []struct {
		method, path, body string
		code               int
		telling            string
	}{
		{"GET", "/subjects", "", 200, api + "/subjects"},
		{"POST", "/subjects/s", "known", 200, `"id":7`},
		{"POST", "/subjects/s/versions", "known", 200, `{"id":7}`},
		{"POST", "/subjects/s/versions", "new", 500, "50004"},
		{"PUT", "/config", "", 500, "50004"},
		{"DELETE", "/subjects/s", "", 500, "50004"},
		{"GET", "/mode", "", 200, "READWRITE"},
		{"PUT", "/mode", "", 422, "42205"},
	} {
		code, body := ask(reader, c.method, c.path, c.body)
		if code != c.code || !strings.Contains(body, c.telling) {
			t.Errorf("%s %s: %d %s", c.method, c.path, code, body)
		}
	}
}
