"""Process analysis: conversion, dwell and flow of a pipeline, what is skipped, and what that does to the outcome."""
