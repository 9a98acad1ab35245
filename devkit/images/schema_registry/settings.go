package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// settings are what Confluent's properties file says, as far as it is understood here.
type settings struct {
	listen      string // host:port
	bootstrap   string // host:port,...
	topic       string
	group       string // schema.registry.group.id, by which the names of its groups begin
	replication int16
	writes      bool // leader.eligibility
	mutableMode bool
	makesTopic  bool // unless kafkastore.topic.skip.validation
	login       login
}

// login is how this server logs in at the brokers; without a user it does not.
type login struct{ protocol, mechanism, jaas string }

var credentials = regexp.MustCompile(`username="([^"]*)" password="([^"]*)"`)

// parse reads a properties file. What it does not understand is an error, so that a setting which
// the real launcher would honour is never ignored in silence.
func parse(text string) (settings, error) {
	s := settings{listen: "0.0.0.0:8081", topic: "_schemas", group: "schema-registry", replication: 3, writes: true, makesTopic: true}
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		if !found {
			return s, fmt.Errorf("line %d: no value", number+1)
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if err := s.set(name, value); err != nil {
			return s, fmt.Errorf("line %d: %s=%s: %w", number+1, name, value, err)
		}
	}
	if s.bootstrap == "" {
		return s, fmt.Errorf("kafkastore.bootstrap.servers is missing")
	}
	return s, s.login.check()
}

func (l login) check() error {
	if l.protocol == "" || l.protocol == "PLAINTEXT" {
		return nil
	}
	if l.protocol != "SASL_PLAINTEXT" || l.mechanism != "SCRAM-SHA-512" {
		return fmt.Errorf("only SASL_PLAINTEXT with SCRAM-SHA-512 is understood, not %s with %s", l.protocol, l.mechanism)
	}
	if !credentials.MatchString(l.jaas) {
		return fmt.Errorf("kafkastore.sasl.jaas.config names no user and password")
	}
	return nil
}

// client returns the options of a client that logs in at the brokers as this server does.
func (s settings) client(options ...kgo.Opt) (*kgo.Client, error) {
	options = append(options, kgo.SeedBrokers(strings.Split(s.bootstrap, ",")...))
	if found := credentials.FindStringSubmatch(s.login.jaas); found != nil {
		auth := scram.Auth{User: found[1], Pass: found[2]}
		options = append(options, kgo.SASL(auth.AsSha512Mechanism()))
	}
	return kgo.NewClient(options...)
}

func (s *settings) set(name, value string) (err error) {
	switch name {
	case "listeners":
		s.listen, err = listener(value)
	case "kafkastore.bootstrap.servers":
		s.bootstrap, err = brokers(value)
	case "kafkastore.topic":
		s.topic = value
	case "schema.registry.group.id":
		s.group = value
	case "kafkastore.group.id":
		// Whoever reads the topic; here in a group whose name begins like the other.
	case "kafkastore.topic.replication.factor":
		var factor int64
		factor, err = strconv.ParseInt(value, 10, 16)
		s.replication = int16(factor)
	case "leader.eligibility":
		s.writes, err = strconv.ParseBool(value)
	case "mode.mutability":
		s.mutableMode, err = strconv.ParseBool(value)
	case "kafkastore.topic.skip.validation":
		var skips bool
		skips, err = strconv.ParseBool(value)
		s.makesTopic = !skips
	case "kafkastore.security.protocol":
		s.login.protocol = value
	case "kafkastore.sasl.mechanism":
		s.login.mechanism = value
	case "kafkastore.sasl.jaas.config":
		s.login.jaas = value
	case "kafkastore.init.wait.for.reader":
		// A server that may not write reads all there is before it serves.
	case "host.name":
		// Where other servers forward writes to; here each server writes by itself.
	default:
		err = fmt.Errorf("this launcher does not know the property")
	}
	return err
}

func listener(value string) (string, error) {
	address, err := url.Parse(value)
	if err != nil {
		return "", err
	}
	if address.Scheme != "http" || address.Port() == "" {
		return "", fmt.Errorf("only one listener such as http://0.0.0.0:8081 is understood")
	}
	return address.Host, nil
}

func brokers(value string) (string, error) {
	hosts := strings.Split(value, ",")
	for i, each := range hosts {
		protocol, host, found := strings.Cut(strings.TrimSpace(each), "://")
		if !found {
			host = protocol
		} else if protocol != "PLAINTEXT" && protocol != "SASL_PLAINTEXT" {
			return "", fmt.Errorf("only PLAINTEXT and SASL_PLAINTEXT are understood")
		}
		hosts[i] = host
	}
	return strings.Join(hosts, ","), nil
}
