package main

import (
	"strings"
	"testing"
)

const rendered = `kafkastore.bootstrap.servers=SASL_PLAINTEXT://broker:9094
kafkastore.topic=_schemas
kafkastore.topic.replication.factor=1
leader.eligibility=false
listeners=http://0.0.0.0:8081
mode.mutability=false
kafkastore.topic.skip.validation=true
kafkastore.init.wait.for.reader=false
host.name=10.0.0.7
kafkastore.sasl.jaas.config=Module required username="me" password="word";
kafkastore.sasl.mechanism=SCRAM-SHA-512
kafkastore.security.protocol=SASL_PLAINTEXT
`

func TestWhatTheProgramRendersIsUnderstood(t *testing.T) {
	got, err := parse(rendered)
	want := settings{listen: "0.0.0.0:8081", bootstrap: "broker:9094", topic: "_schemas", group: "schema-registry", replication: 1}
	want.login = login{"SASL_PLAINTEXT", "SCRAM-SHA-512", `Module required username="me" password="word";`}
	if err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestASecondRegistryHasGroupsOfItsOwn(t *testing.T) {
	got, err := parse(rendered + "schema.registry.group.id=other\nkafkastore.group.id=other-store\n")
	if err != nil || got.group != "other" {
		t.Fatalf("%+v, %v", got, err)
	}
	found := false
	for _, option := range options(got, "broker:9094", 1) {
		found = found || option == "apicurio.kafkasql.consumer.group-prefix=other-"
	}
	if !found {
		t.Error("the engine's groups are the first registry's")
	}
}

func TestAnythingElseIsRefusedWithItsLine(t *testing.T) {
	for line, telling := range map[string]string{
		"kafkastore.ssl.keystore.location=/x":         "does not know",
		"kafkastore.bootstrap.servers=SASL_SSL://b:1": "only PLAINTEXT and",
		"listeners=https://0.0.0.0:8081":              "only one listener",
		"leader.eligibility=perhaps":                  "invalid",
	} {
		_, err := parse("# first\n" + line)
		if err == nil || !strings.Contains(err.Error(), telling) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestALoginThatIsNotUnderstoodIsRefusedWithoutThePassword(t *testing.T) {
	for _, other := range []string{"kafkastore.sasl.mechanism=PLAIN", "kafkastore.security.protocol=SASL_SSL"} {
		_, err := parse(rendered + other)
		if err == nil || strings.Contains(err.Error(), "word\"") {
			t.Errorf("%s: %v", other, err)
		}
	}
}

func TestTheEngineLogsInAtTheSiteSBrokersOnly(t *testing.T) {
	given, _ := parse(rendered)
	if text := given.login.properties(true); !strings.Contains(text, "apicurio.kafka.common.sasl.jaas.config=Module") {
		t.Error(text)
	}
	if text := given.login.properties(false); text != "" {
		t.Error(text)
	}
}
