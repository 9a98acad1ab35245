package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
)

const contentType = "application/vnd.schemaregistry.v1+json"

var (
	registration = regexp.MustCompile(`^/subjects/[^/]+/versions/?$`)
	question     = regexp.MustCompile(`^/(subjects/[^/]+|compatibility/.*)/?$`) // by POST
	mode         = regexp.MustCompile(`^/mode(/|$)`)
)

// front serves Confluent's API at the root path, and what Apicurio does not: modes, and refusals
// where this site may not write.
func front(engine *url.URL, s settings) http.Handler {
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(engine.JoinPath(api))
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		read := r.Method == http.MethodGet || r.Method == http.MethodHead ||
			(r.Method == http.MethodPost && question.MatchString(r.URL.Path))
		switch {
		case r.URL.Path == "/":
			answer(w, http.StatusOK, map[string]any{})
		case mode.MatchString(r.URL.Path) && read:
			answer(w, http.StatusOK, map[string]any{"mode": "READWRITE"})
		case mode.MatchString(r.URL.Path):
			// Confluent's answer unless mode.mutability is set; here there is one mode only.
			refuse(w, http.StatusUnprocessableEntity, 42205, "Operation not permitted")
		case read || s.writes:
			proxy.ServeHTTP(w, r)
		case r.Method == http.MethodPost && registration.MatchString(r.URL.Path):
			registered(w, r, proxy)
		default:
			refuse(w, http.StatusInternalServerError, 50004, "Leader not known.")
		}
	})
}

// registered answers a registration as a server without a leader does: with the id of a schema that
// is there already, and a refusal otherwise.
func registered(w http.ResponseWriter, r *http.Request, proxy http.Handler) {
	r.URL.Path = strings.TrimSuffix(strings.TrimSuffix(r.URL.Path, "/"), "/versions")
	r.URL.RawPath = ""
	found := httptest.NewRecorder()
	proxy.ServeHTTP(found, r)
	var schema struct {
		ID *int `json:"id"`
	}
	if found.Code == http.StatusOK && json.NewDecoder(found.Body).Decode(&schema) == nil && schema.ID != nil {
		answer(w, http.StatusOK, map[string]any{"id": *schema.ID})
		return
	}
	refuse(w, http.StatusInternalServerError, 50004, "Leader not known.")
}

func refuse(w http.ResponseWriter, status, code int, message string) {
	answer(w, status, map[string]any{"error_code": code, "message": message})
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	text, _ := json.Marshal(body)
	_, _ = io.WriteString(w, fmt.Sprintf("%s\n", text))
}
