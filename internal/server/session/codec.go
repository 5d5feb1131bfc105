package session

import (
	"encoding/json"
	"fmt"
	"time"
)

// codec writes what a session holds as JSON. Gob, which the manager has by itself, tells of its types in each session anew, and
// reading them takes a twentieth of the time of a page of orders.
type codec struct{}

type contents struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	c := contents{deadline.UTC(), make(map[string]string, len(values))}
	for name, value := range values {
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("session: %s is no text", name)
		}
		c.Values[name] = text
	}
	return json.Marshal(c)
}

func (codec) Decode(data []byte) (time.Time, map[string]any, error) {
	var c contents
	if err := json.Unmarshal(data, &c); err != nil {
		return time.Time{}, nil, fmt.Errorf("session: %w", err)
	}
	values := make(map[string]any, len(c.Values))
	for name, text := range c.Values {
		values[name] = text
	}
	return c.Deadline, values, nil
}
