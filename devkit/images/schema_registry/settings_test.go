package main

import (
	"strings"
	"testing"
)

const rendered = `kafkastore.bootstrap.servers=PLAINTEXT://broker:9092
kafkastore.topic=_schemas
kafkastore.topic.replication.factor=1
leader.eligibility=false
listeners=http://0.0.0.0:8081
mode.mutability=false
host.name=10.0.0.7
`

func TestWhatTheProgramRendersIsUnderstood(t *testing.T) {
	got, err := parse(rendered)
	want := settings{listen: "0.0.0.0:8081", bootstrap: "broker:9092", topic: "_schemas", replication: 1}
	if err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestAnythingElseIsRefusedWithItsLine(t *testing.T) {
	for line, telling := range map[string]string{
		"kafkastore.ssl.keystore.location=/x":         "does not know",
		"kafkastore.bootstrap.servers=SASL_SSL://b:1": "only PLAINTEXT",
		"listeners=https://0.0.0.0:8081":              "only one listener",
		"leader.eligibility=perhaps":                  "invalid",
	} {
		_, err := parse("# first\n" + line)
		if err == nil || !strings.Contains(err.Error(), telling) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", line, err)
		}
	}
}
