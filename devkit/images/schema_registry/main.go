// Command schema-registry-start takes the place of Confluent's launcher of the same name: it reads
// the same properties file and serves the same API at the root path. The registry behind it is
// Apicurio, which keeps its journal in the same Kafka topic.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: schema-registry-start FILE")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1]); err != nil && ctx.Err() == nil {
		log.Fatalf("schema-registry-start: %v", err)
	}
}

func run(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	settings, err := parse(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	bootstrap := settings.bootstrap
	if settings.makesTopic {
		if err := ensureTopic(ctx, settings); err != nil {
			return fmt.Errorf("topic %s: %w", settings.topic, err)
		}
	}
	failed := make(chan error, 1)
	if !settings.writes {
		copied, err := follow(ctx, settings, failed)
		if err != nil {
			return fmt.Errorf("topic %s: %w", settings.topic, err)
		}
		bootstrap = copied
	}
	engine, err := startEngine(settings, bootstrap)
	if err != nil {
		return err
	}
	defer engine.stop()
	if err := engine.ready(ctx); err != nil {
		return err
	}
	if settings.writes {
		if err := engine.setDefault(); err != nil {
			return err
		}
	}
	server := &http.Server{Handler: front(engine.url, settings), ReadHeaderTimeout: time.Minute}
	listener, err := net.Listen("tcp", settings.listen)
	if err != nil {
		return err
	}
	log.Printf("serving on %s, writes: %t", settings.listen, settings.writes)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	defer server.Close()
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	case <-engine.ended:
		return errors.New("the registry has ended")
	}
}
