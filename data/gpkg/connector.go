package gpkg

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// The two ways in which a connection is opened. A writer takes the write lock
// when its transaction begins, so that it never has to give up half-way; a reader
// cannot write at all.
const (
	writing = "_txlock=immediate"
	reading = "_txlock=deferred&_query_only=true"
)

// connector opens connections to one file, each with the functions that the
// triggers of the spatial indexes call. What statements need aside is kept in memory,
// and so is what a write changes, up to 64 MiB.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

var uriPath = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

func newConnector(path, mode string, busy time.Duration) connector {
	return connector{
		driver: &sqlite3.SQLiteDriver{ConnectHook: keepAside},
		dsn: fmt.Sprintf("file:%s?%s&_busy_timeout=%d&_foreign_keys=true&_synchronous=FULL&_cache_size=-65536",
			uriPath.Replace(path), mode, busy.Milliseconds()),
	}
}

// Connect opens one connection.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	if err := addSpatialFunctions(); err != nil {
		return nil, err
	}
	return c.driver.Open(c.dsn)
}

// Driver is the driver under the connector.
func (c connector) Driver() driver.Driver { return c.driver }

func keepAside(conn *sqlite3.SQLiteConn) error {
	_, err := conn.Exec(`PRAGMA temp_store = MEMORY`, nil)
	return err
}
