package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// settings are what Confluent's properties file says, as far as it is understood here.
type settings struct {
	listen      string // host:port
	bootstrap   string // host:port,...
	topic       string
	replication int16
	writes      bool // leader.eligibility
	mutableMode bool
}

// parse reads a properties file. What it does not understand is an error, so that a setting which
// the real launcher would honour is never ignored in silence.
func parse(text string) (settings, error) {
	s := settings{listen: "0.0.0.0:8081", topic: "_schemas", replication: 3, writes: true}
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
	return s, nil
}

func (s *settings) set(name, value string) (err error) {
	switch name {
	case "listeners":
		s.listen, err = listener(value)
	case "kafkastore.bootstrap.servers":
		s.bootstrap, err = brokers(value)
	case "kafkastore.topic":
		s.topic = value
	case "kafkastore.topic.replication.factor":
		var factor int64
		factor, err = strconv.ParseInt(value, 10, 16)
		s.replication = int16(factor)
	case "leader.eligibility":
		s.writes, err = strconv.ParseBool(value)
	case "mode.mutability":
		s.mutableMode, err = strconv.ParseBool(value)
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
		} else if protocol != "PLAINTEXT" {
			return "", fmt.Errorf("only PLAINTEXT is understood")
		}
		hosts[i] = host
	}
	return strings.Join(hosts, ","), nil
}
