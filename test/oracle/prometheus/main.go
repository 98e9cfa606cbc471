// Oracle puts questions to Prometheus' own code: one JSON object a line in, one a line out. The first of the keys below
// that a question has says what kind it is; what goes with it is told in the file that answers.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

type (
	answer map[string]any

	// kind of question: its key, and what answers it.
	kind struct {
		key    string
		answer func(*oracle, json.RawMessage) (answer, error)
	}

	// oracle holds what one question leaves for those after it.
	oracle struct {
		samples samples
	}
)

var kinds = []kind{
	{"rules", (*oracle).rules},
	{"series", (*oracle).load},
	{"query", (*oracle).evaluate},
	{"request", (*oracle).request},
	{"template", (*oracle).template},
}

func main() {
	asked := &oracle{}
	err := asked.answerAll(os.Stdin, os.Stdout)
	if err = errors.Join(err, asked.samples.close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func (o *oracle) answerAll(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	buffered := bufio.NewWriter(out)
	defer buffered.Flush()
	// encoding/json sorts the keys of maps and escapes <, > and &, so that an answer has one form only.
	answers := json.NewEncoder(buffered)
	for lines.Scan() {
		given, err := o.answer(lines.Bytes())
		if err != nil {
			return err
		}
		if err := answers.Encode(given); err != nil {
			return err
		}
	}
	return lines.Err()
}

// answer fails for what is no question; an error of Prometheus is an answer.
func (o *oracle) answer(line []byte) (answer, error) {
	question := map[string]json.RawMessage{}
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		if _, is := question[kind.key]; is {
			return kind.answer(o, line)
		}
	}
	return nil, fmt.Errorf("no such question: %s", line)
}
