package main

import (
	"context"
	"errors"
	"log"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

const patience = 3 * time.Second // between two attempts to reach the brokers

// ensureTopic makes the topic as Confluent's registry does: one partition, compacted. Every record
// of the journal has a key of its own, so compaction takes none away; without it the brokers'
// retention would.
func ensureTopic(ctx context.Context, s settings) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	defer client.Close()
	compact := "compact"
	for {
		attempt, cancel := context.WithTimeout(ctx, 10*patience)
		configs := map[string]*string{"cleanup.policy": &compact}
		_, err := kadm.NewClient(client).CreateTopic(attempt, 1, s.replication, configs, s.topic)
		cancel()
		if err == nil || errors.Is(err, kerr.TopicAlreadyExists) {
			return nil
		}
		// Brokers that still start, or are too few yet for the replication factor.
		log.Printf("topic %s: %v", s.topic, err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(patience):
		}
	}
}
