// Package relax proves that no plan of an arc-routing problem can be better than a
// number. It forgets which vehicle drives what and keeps only what all of them do
// together: every task is done once, at every place as many arrive as leave, every
// border is crossed an even number of times, and a part of the map that takes several
// vehicles is entered by several (Benavent, Corberan, Plana and Sanchis, "Min-max
// K-vehicles windy rural postman problem", Networks 54, 2009; Belenguer and Benavent,
// "A cutting plane algorithm for the capacitated arc routing problem", Computers and
// Operations Research 30, 2003). That is a linear programme; its duals, counted out
// with every rounding error charged, are the proof.
//
// Start with New, then Network.Total and Network.Longest.
package relax
