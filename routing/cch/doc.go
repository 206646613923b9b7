// Package cch answers shortest path questions on a graph whose weights change: a
// customizable contraction hierarchy. It knows numbers only, no maps.
//
// It works in three steps, each cheaper and more often taken than the one before.
// Dissect orders the nodes from their places, and Build makes the Hierarchy of that
// order: once for a graph. Hierarchy.Customize puts weights on it and makes a Metric;
// Metric.With makes another one in which single weights differ. Metrics never change,
// so that any number of goroutines may ask one while the next is made.
//
// Metric.NewQuery answers for pairs and paths, Metric.Select prepares many targets
// for one-to-many searches and tables.
//
// The method: Dibbelt, Strasser, Wagner, "Customizable contraction hierarchies", ACM
// J. Exp. Algorithmics 21 (2016); one-to-many after Delling, Goldberg, Werneck,
// "Faster batched shortest paths in road networks", ATMOS 2011.
package cch
