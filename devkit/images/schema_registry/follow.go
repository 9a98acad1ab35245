package main

import (
	"context"
	"log"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// follow copies the topic into a broker of this process, record by record, and returns the address
// of that broker. Apicurio appends a mark to its journal at each start, to know when it has read
// all of it. A server that may not write appends it to this copy, and nothing to the site's topic,
// which is to stay what the mirror makes of it.
//
// It returns when everything that the topic had is copied, and goes on copying.
func follow(ctx context.Context, s settings, failed chan error) (string, error) {
	own, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, s.topic, s.topic+snapshots, s.topic+events))
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, own.Close)
	target, err := kgo.NewClient(kgo.SeedBrokers(own.ListenAddrs()...), kgo.ProducerLinger(0))
	if err != nil {
		return "", err
	}
	start := kgo.NewOffset().AtStart()
	source, err := s.client(
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{s.topic: {0: start}}),
	)
	if err != nil {
		return "", err
	}
	end, err := end(ctx, source, s.topic)
	if err != nil {
		return "", err
	}
	whole := make(chan struct{})
	go func() {
		failed <- transfer(ctx, source, target, end, whole)
	}()
	select {
	case <-whole:
		log.Printf("copied %s up to offset %d", s.topic, end)
		return strings.Join(own.ListenAddrs(), ","), nil
	case err := <-failed:
		return "", err
	}
}

// end asks where the topic ends now.
func end(ctx context.Context, client *kgo.Client, topic string) (int64, error) {
	offsets, err := kadm.NewClient(client).ListEndOffsets(ctx, topic)
	if err != nil {
		return 0, err
	}
	found, _ := offsets.Lookup(topic, 0)
	return found.Offset, found.Err
}

// transfer copies until it fails. A fetch that finds nothing but what compaction left behind moves
// no record, so how far it came is asked of the client, not of the last record.
func transfer(ctx context.Context, source, target *kgo.Client, end int64, whole chan struct{}) error {
	next, reached := int64(0), false
	for {
		if !reached && next >= end {
			close(whole)
			reached = true
		}
		fetches := source.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			return err
		}
		for _, record := range fetches.Records() {
			copied := &kgo.Record{
				Topic: record.Topic, Key: record.Key, Value: record.Value,
				Headers: record.Headers, Timestamp: record.Timestamp,
			}
			if err := target.ProduceSync(ctx, copied).FirstErr(); err != nil {
				return err
			}
			next = record.Offset + 1
		}
	}
}
