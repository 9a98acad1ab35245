package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	home = "/opt/apicurio"
	api  = "/apis/ccompat/v7" // where Apicurio has Confluent's API

	// Topics that it wants besides its journal, and that stay empty; named like it, so that whoever
	// may keep the one may keep the others.
	snapshots = "-snapshots"
	events    = "-events"

	secrets = "/tmp/engine.properties" // what must not stand in an argument
)

// engine is the running Apicurio, on a loopback port of its own.
type engine struct {
	command *exec.Cmd
	url     *url.URL
	ended   chan struct{}
}

func startEngine(s settings, bootstrap string) (*engine, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	// JDK_JAVA_OPTIONS comes through: java itself reads it.
	arguments := strings.Fields(os.Getenv("SCHEMA_REGISTRY_HEAP_OPTS"))
	for _, option := range options(s, bootstrap, port) {
		arguments = append(arguments, "-D"+option)
	}
	arguments = append(arguments, "-cp", home+"/registry.jar", "io.quarkus.runner.GeneratedMain")
	command := exec.Command("java", append(jvm(), arguments...)...)
	if err := os.WriteFile(secrets, []byte(s.login.properties(bootstrap == s.bootstrap)), 0o600); err != nil {
		return nil, err
	}
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	// Killed with the launcher, whichever way that ends.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := command.Start(); err != nil {
		return nil, err
	}
	started := &engine{
		command: command,
		url:     &url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", port), Path: "/"},
		ended:   make(chan struct{}),
	}
	go func() {
		_ = command.Wait()
		close(started.ended)
	}()
	return started, nil
}

// properties say the login in Apicurio's words; its own broker asks for none.
func (l login) properties(needed bool) string {
	if !needed || l.jaas == "" {
		return ""
	}
	const prefix = "apicurio.kafka.common."
	return fmt.Sprintf(prefix+"security.protocol=%s\n"+prefix+"sasl.mechanism=%s\n"+
		prefix+"sasl.jaas.config=%s\n", l.protocol, l.mechanism, l.jaas)
}

// jvm are options for a short start and little memory: a registry computes next to nothing.
func jvm() []string {
	return []string{
		"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
		"-XX:MaxMetaspaceSize=192m", "-XX:+ExitOnOutOfMemoryError",
		"-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
	}
}

// options say the settings in Apicurio's words.
func options(s settings, bootstrap string, port int) []string {
	given := []string{
		"quarkus.http.host=127.0.0.1",
		fmt.Sprintf("quarkus.http.port=%d", port),
		"quarkus.http.access-log.enabled=false",
		"apicurio.storage.kind=kafkasql",
		"apicurio.kafkasql.bootstrap.servers=" + bootstrap,
		"apicurio.kafkasql.topic=" + s.topic,
		// It looks for a snapshot that long, and there never is one.
		"apicurio.kafkasql.consumer.poll.timeout=200",
		"apicurio.kafkasql.snapshot.every.seconds=36500d",
		"apicurio.kafkasql.snapshots.topic=" + s.topic + snapshots,
		"apicurio.events.kafka.topic=" + s.topic + events,
		"apicurio.kafkasql.consumer.group-prefix=" + s.group + "-",
		"apicurio.ccompat.max-subjects=100000",
		"quarkus.config.locations=file:" + secrets,
	}
	if !s.writes {
		given = append(given, "apicurio.kafkasql.topic.auto-create=false") // follow has made them
	}
	// Its database is in memory: twenty connections at once help nobody.
	for _, source := range []string{"", "blue.", "green."} {
		for _, size := range []string{"min", "initial"} {
			given = append(given, fmt.Sprintf("apicurio.datasource.%sjdbc.%s-size=1", source, size))
		}
	}
	return given
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// ready returns once the registry has read its journal and answers.
func (e *engine) ready(ctx context.Context) error {
	for {
		answer, err := http.Get(e.url.JoinPath("health/ready").String())
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.ended:
			return errors.New("the registry has ended before it was ready")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// setDefault gives a registry without any schema Confluent's default compatibility, BACKWARD; an
// empty Apicurio has none. It becomes part of the journal, and so of a mirror.
func (e *engine) setDefault() error {
	subjects, err := e.get("/subjects")
	if err != nil || subjects != "[]" {
		return err
	}
	wanted := strings.NewReader(`{"compatibility":"BACKWARD"}`)
	request, err := http.NewRequest(http.MethodPut, e.url.JoinPath(api, "config").String(), wanted)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", contentType)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the default compatibility cannot be set: %s", answer.Status)
	}
	return nil
}

func (e *engine) get(path string) (string, error) {
	answer, err := http.Get(e.url.JoinPath(api, path).String())
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return strings.TrimSpace(string(text)), err
}

func (e *engine) stop() {
	_ = e.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-e.ended:
	case <-time.After(20 * time.Second):
		_ = e.command.Process.Kill()
	}
}
