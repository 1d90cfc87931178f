declare module '*?source' {
  const source: string
  export default source
}
declare module '*.css' {
  const text: string
  export default text
}
declare module '*.html' {
  const text: string
  export default text
}
